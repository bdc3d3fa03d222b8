-- qa.words_get: all of them.
select words_get($1::uuid)::text as reply where $2::uuid is null or true

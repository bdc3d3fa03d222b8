-- review.setup_get: how reviewing goes, and its criteria.
select review_setup_json($1::uuid) as reply where $2::uuid is null or true

-- poster.list.
select reply, fault from poster_list($1::uuid, $2::uuid)

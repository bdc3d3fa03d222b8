-- abstract.list: a page of all. $3 state, $4 topic, $5 letters, $6 the last id of the page before, $7 with bodies.
select reply from abstract_list($1::uuid, $3::text, $4::uuid, $5::text, $6::uuid, $7::boolean) where $2::uuid is null or true

-- abstract.get. $3 abstract.
select reply from abstract_get($1::uuid, $2::uuid, $3::uuid)

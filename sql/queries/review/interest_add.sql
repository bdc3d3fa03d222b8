-- interest.add: $5 person or place, $6 its name.
select reply, fault, current from interest_add($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::text, $6::text)

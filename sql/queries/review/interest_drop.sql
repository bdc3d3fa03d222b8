-- interest.drop: $5 an entry of one's own.
select reply, fault, current from interest_drop($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid)

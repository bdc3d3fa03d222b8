-- decision.capacity: $5 session, $6 how many short talks it takes, null: none, $7 the version of the terms the caller saw.
select reply, fault, current from decision_capacity($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, $7::int)

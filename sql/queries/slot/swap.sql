-- Two slots of the draft change places: $5, $6 the slots, $7, $8 the versions the caller saw.
select reply, fault, current from slot_swap($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid, $7::int, $8::int)

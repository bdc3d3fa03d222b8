-- More time for a slot, or less: $5 slot, $6 seconds.
select reply, fault, current from slot_add_time($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int)

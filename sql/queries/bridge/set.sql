-- bridge.set and bridge.rotate. $5 room, $6 link (null: none), $7 expected version, $8 whether it must be another one.
select reply, fault, current from bridge_set($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::int, $8::boolean)

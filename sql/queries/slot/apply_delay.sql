-- What a room's delay has become is the plan from now on: $5 room.
select reply, fault, current from slot_apply_delay($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid)

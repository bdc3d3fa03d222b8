-- Removes a room that nothing is or was in: $5 its id, $6 the version the caller saw.
select reply, fault, draft_told($1::uuid, fault, current) as current from room_remove($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int)

-- Removes a session of the draft that nobody has seen: $5 its id, $6 the version the caller saw.
select reply, fault, draft_told($1::uuid, fault, current) as current from session_remove($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int)

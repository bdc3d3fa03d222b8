-- Cancels a slot of the draft: $5 slot, $6 the version the caller saw.
select reply, fault, draft_told($1::uuid, fault, current) as current from slot_cancel($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, true)

-- Changes a slot of the draft: $5 slot, $6 room, $7 start, $8 end, $9 anchor, $10 least seconds, $11 may overlap (each may be null: stays),
-- $12 the version the caller saw.
select reply, fault, draft_told($1::uuid, fault, current) as current from slot_move($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid, $7::text, $8::text,
	$9::boolean, $10::int, $11::boolean, $12::int)

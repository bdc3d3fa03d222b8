-- A new slot in the draft: $5 session, $6 room, $7 start, $8 end, $9 anchor, $10 least seconds, $11 may overlap.
select reply, fault, current from slot_create($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid, $7::text, $8::text,
	$9::boolean, $10::int, $11::boolean)

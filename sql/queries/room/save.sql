-- A room: $5 its id, $6 name, $7 seats, $8 places online (0: no figure), $9 place in the order, $10 the version the caller saw.
select reply, fault, draft_told($1::uuid, fault, current) as current from room_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::int, $8::int, $9::int,
	$10::int)

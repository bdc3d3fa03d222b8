-- checkin.walk_in. $2 station or $3 staff, $4 list, $5 name, $6 e-mail, $7 category, $8 scan, $9 hash of what is asked; $10 lookup,
-- $11 row key and $12 seal of a code, $13 the code, for the mail.
select reply, sealed, fault, current from door_walk_in($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::text, $6::text, $7::uuid, $8::uuid,
	$9::bytea, $10::bytea, $11::bytea, $12::bytea, $13::text)

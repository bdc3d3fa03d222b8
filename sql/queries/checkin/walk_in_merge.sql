-- checkin.walk_in_merge. $5 conflict, $6 person, or $7 name, $8 e-mail and $9 category of a new one; $10 lookup, $11 row key, $12 seal of
-- their code, $13 the code, for the mail.
select reply, fault, current from walk_in_merge($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid, $7::text, $8::text, $9::uuid,
	$10::bytea, $11::bytea, $12::bytea, $13::text)

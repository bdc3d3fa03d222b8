-- call.save. $5 expected version, $6 opens, $7 closes, $8 grace in seconds, $9 characters, $10 words, $11 consents.
select reply, fault, current from call_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::int, $6::json, $7::json, $8::int, $9::int,
	$10::jsonb, $11::jsonb)

-- registration.save. $5 open, $6 places on site, $7 online, $8 beds, $9 days, $10 hours, $11 questions, $12 covers, $13 version.
select reply, fault, current from registration_settings_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::text, $6::int, $7::int, $8::int, $9::int, $10::int, $11::jsonb,
	$12::jsonb, $13::int)

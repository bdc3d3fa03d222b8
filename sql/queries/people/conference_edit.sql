-- conference.edit: $5 title, $6 subtitle, $7 venue, $8 zone, $9 first day, $10 last day, $11 info (each may be null: stays), $12 the version
-- the caller saw.
select reply, fault, current from conference_edit($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::text, $6::text, $7::text, $8::text,
	$9::date, $10::date, $11::jsonb, $12::int)

-- conference.create by an organiser: $5 slug, $6 title, $7 subtitle, $8 venue, $9 zone, $10 first day, $11 last day, $12 info.
select reply, fault, current from conference_found($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::text, $6::text, $7::text, $8::text,
	$9::text, $10::date, $11::date, $12::jsonb)

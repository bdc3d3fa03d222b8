-- A session of the draft: $5 its id, $6 title, $7 subtitle, $8 abstract, $9 description, $10 language, $11 kind, $12 track, $13 talks,
-- $14 the version the caller saw, null for a new one.
select reply, fault, draft_told($1::uuid, fault, current) as current from session_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::text, $8::text,
	$9::text, $10::text, $11::text, $12::text, $13::jsonb, $14::int)

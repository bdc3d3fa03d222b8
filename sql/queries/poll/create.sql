-- poll.create: a draft. $5 poll, $6 talk, $7 session, $8 question, $9 options, $10 kind, $11 results.
select reply, fault, current from poll_create($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid, $7::uuid, $8::text,
	$9::text[], coalesce($10::text, 'single'), coalesce($11::text, 'always'))

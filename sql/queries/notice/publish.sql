-- notice.publish: $5 notice, $6 audience, $7 room, $8 role, $9 urgency, $10 until, $11 text, $12 mail.
select reply, fault, current from notice_publish($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::uuid, $8::text,
	$9::text, $10::timestamptz, $11::jsonb, $12::boolean)

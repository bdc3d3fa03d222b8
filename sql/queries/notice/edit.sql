-- notice.edit: $5 notice, $6 expected version, $7 urgency, $8 until, $9 text; null leaves one as it is.
select reply, fault, current from notice_change($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, false, $7::text,
	$8::timestamptz, $9::jsonb)

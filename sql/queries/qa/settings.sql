-- qa.settings: what holds for a session's questions. $5 session, $6 expected version, $7 identity, $8 moderated, $9 auto_approve_s,
-- $10 report_threshold, $11 joint, $12 mic_policy; null leaves it.
select reply, fault, current from qa_settings_set($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, $7::text, $8::boolean, $9::int, $10::int,
	$11::boolean, $12::text)

-- qa.window: what a moderator sets over the programme's own window. $5 talk, $6 session, $7 ask, $8 vote, $9 show, $10 mic, $11 paused,
-- $12 joint; null leaves it.
select reply, fault, current from window_set($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid, $7::text, $8::text, $9::text, $10::text,
	$11::boolean, $12::boolean)

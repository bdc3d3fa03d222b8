-- decision.stage: $5 abstract, $6 outcome, null takes back what was staged, $7 session, $8 rank, $9 note, $10 the version the caller saw.
select reply, fault, current from decision_stage($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::uuid, $8::int, $9::text,
	$10::int)

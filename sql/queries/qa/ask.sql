-- qa.ask, merged. $2 askers, $3 client-made question ids, $4 talks, $5 sessions, $6 texts, $7 whole, $8 named, $9 quote, $10 behind_ms.
select ord, reply, fault, retry_after_ms from questions_ask($1::uuid, $2::uuid[], $3::text[]::uuid[], $4::text[]::uuid[], $5::text[]::uuid[],
	$6::text[], $7::text[]::boolean[], $8::text[]::boolean[], $9::text[], $10::text[]::int[])

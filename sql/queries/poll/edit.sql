-- poll.edit: other words, before anybody has voted. $5 poll, $6 expected version, $7 question, $8 options, $9 kind, $10 results.
select reply, fault, current from poll_edit($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, $7::text, $8::text[],
	$9::text, $10::text)

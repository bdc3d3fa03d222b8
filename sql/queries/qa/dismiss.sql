-- qa.dismiss: a question is refused, or taken back from view. $5 question, $6 expected version, $7 reason, $8 silent.
select reply, fault, current from question_move($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, 'dismiss',
	json_build_object('reason', $7::text, 'silent', $8::boolean))

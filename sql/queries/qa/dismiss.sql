-- qa.dismiss: a question is refused, or taken back from view. $5 question, $6 expected version, $7 reason.
select reply, fault, current from question_move($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int,
	'dismiss', '{pending,approved}', 'dismissed', $7::text)

-- qa.merge: another one stands for it. $5 question, $6 expected version, $7 into.
select reply, fault, current from question_move($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, 'merge',
	json_build_object('into', $7::uuid))

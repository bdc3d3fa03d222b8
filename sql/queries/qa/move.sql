-- qa.move: to another talk, with its votes. $5 question, $6 expected version, $7 talk.
select reply, fault, current from question_move($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, 'move',
	json_build_object('talk', $7::uuid))

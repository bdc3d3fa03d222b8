-- qa.accept: what its asker wants it to say is what it says, or is declined. $5 question, $6 expected version, $7 decline.
select reply, fault, current from question_move($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, 'accept',
	json_build_object('decline', $7::boolean))

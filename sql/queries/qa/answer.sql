-- qa.answer: a question has been answered, aloud or in writing. $5 question, $6 expected version, $7 text, $8 public.
select reply, fault, current from question_move($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, 'answer',
	json_build_object('text', $7::text, 'public', coalesce($8::boolean, true)))

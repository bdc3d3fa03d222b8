-- qa.edit: a moderator's words; the asker's are kept. $5 question, $6 expected version, $7 text.
select reply, fault, current from question_move($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, 'edit',
	json_build_object('text', $7::text))

-- qa.stage: a question goes on stage; the one there before becomes answered. $5 question, $6 expected version.
select reply, fault, current from question_move($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, 'stage')

-- qa.undo: one's own last action on a question. $5 question, $6 expected version, null for any.
select reply, fault, current from question_undo($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int)

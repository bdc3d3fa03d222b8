-- registration.answer. $5 answers.
select reply, fault, current from registration_answer_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::jsonb)

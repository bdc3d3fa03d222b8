-- qa.prepare: a question of the moderators' own, unseen until it is on stage. $5 question, $6 talk, $7 text.
select reply, fault, current from question_made($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid, $7::text, 'prepare')

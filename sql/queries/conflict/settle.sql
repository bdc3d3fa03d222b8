-- conflict.settle: somebody has looked at it. $5 conflict, $6 note.
select s.reply, s.fault from conflict_settle($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text) s

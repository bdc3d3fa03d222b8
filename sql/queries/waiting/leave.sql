-- waiting.leave.
select reply, fault, current from waiting_leave($1::uuid, $2::uuid, $3::uuid, $4::bytea)

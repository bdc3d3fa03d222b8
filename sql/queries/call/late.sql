-- call.late: somebody by name may hand in later. $5 e-mail, $6 until, $7 reason.
select reply, fault, current from call_late_set($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::text, $6::text, $7::text)

-- mic.next. $5 session, $6 expected version of the queue.
select reply, fault, current from mic_call_next($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int)

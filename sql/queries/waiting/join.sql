-- waiting.join. $5 mode.
select reply, fault, current from waiting_join($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::text)

-- talk.ready: $5 talk, $6 ready or not.
select reply, fault, current from talk_ready($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::boolean)

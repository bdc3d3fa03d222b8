-- poll.stage: the stage shows it, or no longer. $5 poll, $6 expected version, $7 value.
select reply, fault, current from poll_stage($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, $7::boolean)

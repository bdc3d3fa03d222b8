-- mic.call and the other steps. $5 entry, $6 expected version, $7 command.
select reply, fault, current from mic_move($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, $7::text)

-- poll.open: people may vote. $5 poll, $6 expected version.
select reply, fault, current from poll_turn($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, 'running')

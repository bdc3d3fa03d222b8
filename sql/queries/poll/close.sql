-- poll.close: nobody votes any more, and its counts are final. $5 poll, $6 expected version.
select reply, fault, current from poll_turn($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, 'closed')

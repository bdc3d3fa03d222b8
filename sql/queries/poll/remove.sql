-- poll.remove: a draft is thrown away. $5 poll, $6 expected version.
select reply, fault, current from poll_remove($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int)

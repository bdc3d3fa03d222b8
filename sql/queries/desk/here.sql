-- qa.here: a desk is open, or closed. $5 session, $6 closed.
select reply, fault, current from desk_here($1::uuid, $2::uuid, $5::uuid, $6::boolean)
where $3::uuid is null or $4::bytea is not null

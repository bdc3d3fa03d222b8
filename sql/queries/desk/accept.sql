-- desk.accept: the desk is taken over, or declined. $5 session, $6 declined.
select reply, fault, current from desk_accept($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::boolean)

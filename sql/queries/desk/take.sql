-- desk.take: who leads a session's desk. $5 session.
select reply, fault, current from desk_take($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid)

-- chair.invite: a code for a chair's phone. $5 session, $6 name, $7 hash of the code.
select reply, fault, current from chair_invite($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::bytea)

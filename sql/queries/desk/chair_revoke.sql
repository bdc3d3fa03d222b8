-- chair.revoke: a chair's phone is sent away. $5 station.
select reply, fault, current from chair_revoke($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid)

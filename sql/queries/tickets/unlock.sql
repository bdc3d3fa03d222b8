-- station.unlock: is this the PIN? Counted. $3 its hash.
select reply, fault, current from station_unlock($1::uuid, $2::uuid, $3::bytea)

-- zone.remove: $5 zone, $6 the version the caller saw.
select s.reply, s.fault, s.current from zone_remove($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int) s

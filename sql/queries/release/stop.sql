-- Stops what a release has not yet told: $5 its number.
select reply, fault, current from release_stop($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::int)

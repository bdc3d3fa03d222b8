-- Another address for one's own calendar: $5 SHA-256 of the new token, $6 feed, $7 hours that the old ones go on.
select reply, fault, current from feed_rotated($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::bytea, $6::uuid, $7::int)

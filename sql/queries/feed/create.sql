-- A calendar for one client: $5 SHA-256 of its token, $6 label, $7 scope, $8 of, $9 alarm, $10 cancelled, $11 time, $12 place.
select reply, fault, current
from feed_make($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::bytea, $6::text, $7::text, $8::uuid, $9::int, $10::text, $11::text, $12::text)

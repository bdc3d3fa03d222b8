-- A track: $5 its id, $6 name, $7 colour ('' none), $8 place in the order, $9 the version the caller saw.
select reply, fault, draft_told($1::uuid, fault, current) as current from track_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::text, $8::int, $9::int)

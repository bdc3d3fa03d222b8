-- A speaker: $5 their id, $6 name, $7 biography, $8 person ('' none), $9 the version the caller saw.
select reply, fault, draft_told($1::uuid, fault, current) as current from speaker_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::text, $8::text, $9::int)

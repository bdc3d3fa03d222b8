-- registration.open. $5 mode, $6 text, $7 answers, $8 lookup, $9 row key, $10 sealed.
select reply, fault, current from registration_open($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::text, $6::text, $7::jsonb, $8::bytea, $9::bytea, $10::bytea)

-- registration.substitute. $5 person, $6 address, $7 name, $8 lookup, $9 row key, $10 sealed.
select reply, fault, current from registration_substitute($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::text, $8::bytea, $9::bytea, $10::bytea)

-- person.resend. $5 person, $6 lookup, $7 row key, $8 sealed.
select reply, fault, current from person_resend($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::bytea, $7::bytea, $8::bytea)

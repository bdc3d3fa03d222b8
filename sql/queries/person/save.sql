-- person.save. $5 person, $6 name, $7 address, $8 organisation, $9 category, $10 language, $11 version.
select reply, fault, current from person_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::text, $8::text, $9::uuid, $10::text, $11::int)

-- person.rename. $5 person, $6 name, $7 the name that was read, or null.
select reply, fault, current from person_rename($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::text)

-- person.merge. $5 person, $6 into.
select reply, fault, current from person_merge($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid)

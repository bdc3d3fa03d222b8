-- person.mute: $5 person, or $6 the question of somebody, or $7 their place at the microphones; $8 how, off lifts it.
select reply, fault, current from person_mute($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid, $7::uuid, $8::text)

-- checkin.confirm. $2 actor, $5 station or $6 staff, $7 scan, $8 note. ($3 and $4: no key, its own ids are one.)
select reply, fault, current from note_confirm($1::uuid, $5::uuid, $6::uuid, $7::uuid, $8::uuid)
where $2::uuid is null or $3::uuid is null or $4::bytea is null or true

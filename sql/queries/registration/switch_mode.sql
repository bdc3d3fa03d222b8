-- registration.switch_mode. $5 person, $6 mode, $7 list or null, $8 station or null.
select reply, fault, current from registration_switch($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::uuid, $8::uuid)

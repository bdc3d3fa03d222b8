-- registration.switch_mode. $5 person or $6 scan, $7 mode, $8 list or null, $9 station or null.
select reply, fault, current from registration_switch($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid, $7::text, $8::uuid, $9::uuid)

-- registration.cancel. $5 person.
select reply, fault, current from registration_cancel($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid)

-- registration.decide. $5 person, $6 accept or refuse, $7 reason.
select reply, fault, current from registration_decide($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::text)

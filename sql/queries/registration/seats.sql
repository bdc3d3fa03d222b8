-- registration.seats. $5 how many, or null.
select reply, fault, current from registration_seats($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::int)

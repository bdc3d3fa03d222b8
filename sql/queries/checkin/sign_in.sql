-- checkin.sign_in. $2 station, $3 scan, $4 hash of the token.
select iso(expires) as expires, fault from door_sign_in_make($1::uuid, $2::uuid, $3::uuid, $4::bytea)

-- checkin.admit_person, its first half. $2 station or $3 staff, $4 list, $5 person, $6 scan, $7 second identifier; $8 lookup, $9 row key
-- and $10 seal of a code for who has none.
select sealed, fault from door_by_name($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::uuid, $6::uuid, $7::text, $8::bytea, $9::bytea,
	$10::bytea)

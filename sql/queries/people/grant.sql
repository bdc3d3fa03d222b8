-- people.grant: $5 person, or $6 e-mail and $7 name; $8 role, $9 given or taken.
select reply, fault, current from people_grant($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::text, $8::text,
	$9::boolean)

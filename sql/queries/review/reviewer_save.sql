-- reviewer.save: $5 person, or $6 e-mail and $7 name; $8 tracks, $9 the most they want, $10 affiliations.
select reply, fault, current from reviewer_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::text, array(select jsonb_array_elements_text($8::jsonb)::uuid),
	$9::int, $10::text)

-- Publishes the draft: $5 note, $6 only these slots (a JSON array), $7 without telling anybody.
select reply, fault, current from release_publish($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::text, case when $6::jsonb is not null
	then array(select x::uuid from jsonb_array_elements_text($6::jsonb) x) end, $7::boolean)

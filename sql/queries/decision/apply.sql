-- decision.apply: $5 the hash of what the caller has looked at, $6 whether the talks also go into the programme people see, $7 abstracts (a JSON
-- list) whose presenters shall be registered no longer.
select reply, fault, current from decision_apply($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::text, $6::boolean,
	array(select jsonb_array_elements_text($7::jsonb)))

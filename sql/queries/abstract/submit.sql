-- abstract.submit. $5 abstract, $6 content or null, $7 expected version, $8 consents, $9 when its upload began (Unix ms).
select reply, fault, current from abstract_submit($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::jsonb, $7::int, $8::jsonb,
	$9::bigint)

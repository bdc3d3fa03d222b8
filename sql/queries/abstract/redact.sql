-- abstract.redact. $5 abstract, $6 the copy without names or null, $7 expected version.
select reply, fault, current from abstract_redact($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::int)

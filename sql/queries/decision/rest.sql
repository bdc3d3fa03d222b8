-- decision.rest: what nobody has decided anything about is meant to be declined: $5 note, $6 how many the caller saw.
select reply, fault, current from decision_rest($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::text, $6::int)

-- decision.terms: $5 how many posters, null: nobody counts them, $6 days to answer an offer, $7 days for who moves up, $8 the version the caller saw.
select reply, fault, current from decision_terms($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::int, $6::int, $7::int, $8::int)

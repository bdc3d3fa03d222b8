-- badge.claim: work for a printer. $5 printer, $6 ready, $7 what keeps it, $8 at most.
select reply, fault, current from badge_claim($1::uuid, $2::uuid, $5::text, $6::boolean, $7::text, $8::int)
where $3::uuid is null and $4::bytea is null

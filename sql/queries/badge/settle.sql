-- badge.settle: what becomes of a job that waits, failed or is unknown. $5 job, $6 state, $7 printer.
select reply, fault, current from badge_settle($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::text)

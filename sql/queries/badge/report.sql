-- badge.report: what became of a job. $5 job, $6 state, $7 error.
select reply, fault, current from badge_report($1::uuid, $2::uuid, $5::uuid, $6::text, $7::text)
where $3::uuid is null and $4::bytea is null

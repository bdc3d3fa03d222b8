-- qa.report: somebody finds a question wrong. $5 question, $6 why.
select reply, fault, current from report_set($1::uuid, $2::uuid, $5::uuid, $6::text)
where $3::uuid is null or $4::bytea is not null

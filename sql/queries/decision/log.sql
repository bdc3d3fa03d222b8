-- decision.log: every step, the newest first. $3 the line before which to go on.
with page as (
	select l.id, decision_line(l) as line from decision_log l
	where l.conference = $1::uuid and ($2::uuid is null or true) and l.id < coalesce($3::bigint, 9223372036854775807)
	order by l.id desc limit 100
)
select json_build_object('lines', coalesce(json_agg(p.line order by p.id desc), '[]'), 'next', case when count(*) = 100 then min(p.id) end) as reply
from page p

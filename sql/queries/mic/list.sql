-- mic.list: the whole queue with the meter, for those who run it. $3 session.
select case when m.may then (mic_queue($1::uuid, s.id, 200000)::jsonb || jsonb_build_object('fairness', fairness($1::uuid, s.id)))::text end as reply,
	case when not m.may then 'denied' end as fault, null::json as current
from session s cross join lateral (select mic_may($1::uuid, $2::uuid, s.id) as may offset 0) m
where s.conference = $1::uuid and s.id = $3::uuid

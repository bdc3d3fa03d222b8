-- GET /snapshot/<list>. $1 conference, $2 list, $3 since (as_of of an earlier one), or null: all. The first row is the header, then one a
-- ticket; all of it, and where the channels stand, as of one moment. Later than `since` is what was stamped or scanned after it, and in
-- the minute before: a statement that began then may have been committed since.
with asked as materialized (
	select k.id as conference, l.id as list, k.zone, now() as at, now() + k.clock_offset as time, k.clock_offset,
		$3::timestamptz - interval '65 seconds' as since
	from conference k join checkin_list l on l.conference = k.id
	where k.id = $1::uuid and l.id = $2::uuid
), stand as materialized (
	select s.id, s.name, row_number() over (order by s.created, s.id) - 1 as n
	from station s where s.conference = $1::uuid and s.kind = 'kiosk'
), newest as materialized (
	select e.person, max(e.generation) as generation from entry_code e where e.conference = $1::uuid group by e.person
), seen as materialized (
	select distinct s.person from scan s, asked q
	where s.conference = $1::uuid and s.person is not null and s.at >= q.since + q.clock_offset
), ticket as materialized (
	select e.row_key, e.sealed, e.person,
		case when r.state = 'cancelled' then 3 when e.generation < w.generation then 4 when e.revoked is not null then 3
			when a.id is null then 0 when a.left_at is null then 1 else 2 end as status,
		coalesce(extract(epoch from a.at)::bigint, 0) as at, coalesce(t.n, 65535) as station
	from asked q
	join entry_code e on e.conference = q.conference and e.row_key is not null and e.sealed is not null
	join newest w on w.person = e.person
	left join registration r on r.person = e.person
	left join admission a on a.list = q.list and a.person = e.person and a.undone is null
	left join scan s on s.scan_id = a.scan
	left join stand t on t.id = s.station
	where q.since is null or e.changed >= q.since or e.person in (select person from seen)
)
select (ticket_list(q.conference, q.list) || jsonb_build_object('v', 1, 'as_of', iso(q.at), 'time', iso(q.time), 'since', iso($3::timestamptz), 'zone', q.zone,
		'conference', q.conference, 'count', (select count(*) from ticket),
		'stations', coalesce((select jsonb_agg(s.name order by s.n) from stand s), '[]'),
		'positions', jsonb_build_object(
			'door', jsonb_build_object('epoch', epoch(), 'position', channel_head(q.conference, 'door')),
			'list', jsonb_build_object('epoch', epoch(), 'position', channel_head(q.conference, 'list:' || q.list)))))::text as header,
	null::bytea as row_key, null::bytea as sealed, null::int as status, null::bigint as at, null::bigint as station, null::text as body
from asked q
union all
(select null, t.row_key, t.sealed, t.status, t.at, t.station,
	-- Who is refused is told without a name.
	case when t.status < 3 then ticket_body($1::uuid, $2::uuid, t.person)::text end
from ticket t order by t.row_key)

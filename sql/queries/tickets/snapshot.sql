-- GET /snapshot/<list>. $1 conference, $2 list, $3 since (as_of of an earlier one), or null: all. The first row is the header, then one a
-- ticket; all of it, and where the channels stand, as of one moment. Later than `since` are the tickets of whoever was stamped or scanned
-- after it, or shortly before: a statement that began then may have been committed since. An import may take a minute, a scan 5 s; at
-- eighty scans a second a minute of them would be most of what every station fetches.
with asked as materialized (
	select k.id as conference, l.id as list, k.zone, now() as at, now() + k.clock_offset as time
	from conference k join checkin_list l on l.conference = k.id
	where k.id = $1::uuid and l.id = $2::uuid
), who as materialized (
	select e.person from entry_code e
	where $3::timestamptz is not null and e.conference = $1::uuid and e.changed >= $3::timestamptz - interval '65 seconds'
	union
	select s.person from scan s
	where $3::timestamptz is not null and s.conference = $1::uuid and s.person is not null
		and s.received >= $3::timestamptz - interval '7 seconds'
), code as materialized (
	select e.row_key, e.sealed, e.person, e.generation, e.revoked
	from entry_code e join asked q on q.conference = e.conference where $3::timestamptz is null
	union all
	select e.row_key, e.sealed, e.person, e.generation, e.revoked
	from who w join entry_code e on e.person = w.person join asked q on q.conference = e.conference where $3::timestamptz is not null
), newest as materialized (
	select c.person, max(c.generation) as generation from code c group by c.person
), stand as materialized (
	select s.id, s.name, row_number() over (order by s.created, s.id) - 1 as n
	from station s where s.conference = $1::uuid and s.kind = 'kiosk'
), ticket as materialized (
	select c.row_key, c.sealed, c.person,
		case when r.state = 'cancelled' then 3 when c.generation < w.generation then 4 when c.revoked is not null then 3
			when a.id is null then 0 when a.left_at is null then 1 else 2 end as status,
		coalesce(extract(epoch from a.at)::bigint, 0) as at, coalesce(t.n, 65535) as station
	from code c
	join newest w on w.person = c.person
	left join registration r on r.person = c.person
	left join admission a on a.list = $2::uuid and a.person = c.person and a.undone is null
	left join scan s on s.scan_id = a.scan
	left join stand t on t.id = s.station
	where c.row_key is not null and c.sealed is not null
)
select (ticket_list(q.conference, q.list) || jsonb_build_object('v', 1, 'as_of', iso(q.at), 'time', iso(q.time),
		'since', iso($3::timestamptz), 'zone', q.zone, 'conference', q.conference, 'count', (select count(*) from ticket),
		'stations', coalesce((select jsonb_agg(s.name order by s.n) from stand s), '[]'),
		'positions', jsonb_build_object(
			'door', jsonb_build_object('epoch', epoch(), 'position', channel_head(q.conference, 'door')),
			'list', jsonb_build_object('epoch', epoch(), 'position', channel_head(q.conference, 'list:' || q.list)))))::text as header,
	null::bytea as row_key, null::bytea as sealed, null::int as status, null::bigint as at, null::bigint as station, null::text as body
from asked q
union all
(select null, t.row_key, t.sealed, t.status, t.at, t.station,
	-- What only the shown code opens: n name as at the door, c category, m "online", and what else there is. Who is refused is told
	-- without a name.
	case when t.status < 3 then left(b.said, -1) || coalesce(',' || m.more, '') || '}' end
from ticket t join person p on p.id = t.person
left join ticket_more($1::uuid, $2::uuid, case when $3::timestamptz is not null then array(select w.person from who w) end) m on m.person = t.person
cross join lateral (select json_strip_nulls(json_build_object('n', door_name(p.name), 'c', p.category,
	'm', case when p.mode = 'online' then 'online' end))::text as said) b
order by t.row_key)

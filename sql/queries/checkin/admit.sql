-- checkin.admit, merged. $2 actors, $3 lists, $4 code hashes, $5 malformed, $6 scan ids, $7 directions, $8 scanned at, $9 stations or
-- $10 staff: whoever the actor is; $11 segments of the station's clock, $12 numbers, $13 offsets and $14 doubts in ms.
with clock as materialized (
	select plenum_now($1::uuid) as at
), cmd as materialized (
	select c.*, k.at
	from unnest($2::uuid[], $3::uuid[], $4::bytea[], $5::boolean[], $6::uuid[], $7::text[], $8::timestamptz[],
			$9::uuid[], $10::uuid[], $11::uuid[], $12::bigint[], $13::bigint[], $14::bigint[])
		with ordinality as c(actor, list, hash, malformed, scan, direction, scanned_at, station, staff, boot, seq, off_ms, uncert_ms, ord)
	cross join clock k
), door as materialized (
	select l.id, l.capacity, l.opens, l.closes, w.whose, w.f, w.u, z.leaves, z.moves
	from checkin_list l
	cross join lateral (select array_agg(w.category) as whose, array_agg(w.opens) as f, array_agg(w.closes) as u
		from door_windows(l.id) w) w
	cross join lateral zone_lists(l.id) z
	where l.conference = $1::uuid and l.id in (select list from cmd)
), known as materialized (
	select c.*, l.capacity, l.opens, l.closes, l.whose, l.f, l.u, l.leaves, l.moves, p.id as person, p.name, p.category,
		e.row_key, encode(e.row_key, 'hex') as ticket, a.id as admission, a.scan as first_scan,
		case when o.scan_id is not null then (select j.result from judgement j where j.scan = o.scan_id order by j.n desc limit 1) end as told,
		case when c.direction = 'exit' then exists (select from admission x where x.person = p.id and x.list = any (l.leaves)
			and x.undone is null and x.left_at is null) end as inside,
		case
		when o.scan_id is not null then case
			when (o.conference, o.list, o.raw_hash, o.direction, o.station, o.staff)
				is distinct from ($1::uuid, c.list, c.hash, c.direction, c.station, c.staff) then 'key.reused' end
		when l.id is null then 'not_found'
		when c.station is not null and s.id is null then 'denied'
		end as fault,
		case when s.list <> c.list then 'wrong_list' else d.reason end as reason,
		-- The same badge in the same hands within ten seconds: a scanner that fired twice.
		case when a.id is not null and (c.direction = 'entry') = (a.left_at is null) then exists (select from scan x
			where x.person = p.id and x.list = c.list and x.at > c.at - interval '10 s' and x.at <= c.at and x.direction = c.direction
				and (x.station, x.staff) is not distinct from (c.station, c.staff)
				and (select j.verdict from judgement j where j.scan = x.scan_id order by j.n desc limit 1) = 'admitted')
			else false end as again_here
	from cmd c
	left join scan o on o.scan_id = c.scan
	left join door l on l.id = c.list
	left join station s on s.id = c.station and s.conference = $1::uuid and s.kind = 'kiosk' and s.revoked is null
	left join entry_code e on e.lookup = c.hash and not c.malformed
	left join person p on p.id = e.person and p.conference = $1::uuid
	left join registration r on r.person = p.id
	-- The limit keeps it a look-up by both, whatever the planner thinks of the list's size.
	left join lateral (select a.id, a.scan, a.left_at from admission a
		where a.list = c.list and a.person = p.id and a.undone is null limit 1) a on true
	cross join lateral door_reason(case when c.malformed then 'malformed' when e.lookup is null then 'unknown'
			when p.id is null then 'wrong_event' when r.state = 'cancelled' then 'revoked'
			when exists (select from entry_code n where n.person = e.person and n.generation > e.generation) then 'superseded'
			when e.revoked is not null then 'revoked' end,
		a.id is not null and a.left_at is null, p.mode, p.category, c.direction, l.opens, l.closes, l.whose, l.f, l.u, c.at) d
), stepped as (
	-- What it would change: enter makes an admission, return and leave change one, pass is told and changes nothing.
	select k.*, case
		when k.fault is not null or k.told is not null then null
		when k.reason = 'duplicate' or (k.reason is null and k.direction = 'exit') then case
			when k.again_here then 'repeat' when k.reason = 'duplicate' then 'refuse' when k.inside then 'leave' else 'pass' end
		when k.reason is not null then 'refuse'
		when k.admission is null then 'enter' else 'return' end as step
	from known k
), queued as materialized (
	-- Within a batch the first one decides; whoever would follow its change, or has its id, is judged after it. A person's other lists
	-- may be beside this one.
	select s.*, row_number() over (partition by s.scan order by s.ord) > 1
		or coalesce(bool_or(s.step in ('enter', 'return', 'leave')) over (partition by s.person order by s.ord
			rows between unbounded preceding and 1 preceding) and s.person is not null, false) as later
	from stepped s
), seats as materialized (
	select q.list, list_seats($1::uuid, q.list) as free
	from (select distinct list from queued
		where capacity is not null and step in ('enter', 'return') and not later order by list) q
), ruled as materialized (
	select q.ord, q.scan, q.list, q.hash, q.direction, q.scanned_at, q.at, q.station, q.staff, q.person, q.name, q.category, q.row_key, q.ticket,
		q.boot, q.seq, q.off_ms, q.uncert_ms, q.admission, q.leaves, q.moves, q.told, q.fault,
		q.later or q.fault is not null or q.told is not null as skip,
		case when q.full then 'refuse' else q.step end as step,
		case when q.full then 'full' when q.step = 'refuse' then q.reason when q.step = 'pass' then 'exit_without_entry' end as reason,
		case when q.step <> 'enter' then q.first_scan end as first_scan,
		case when q.step = 'refuse' and q.reason = 'not_yet' then door_next(q.opens, q.closes, q.whose, q.f, q.u, q.category, q.at) end as next
	from (select q.*, coalesce(q.step in ('enter', 'return') and not q.later and row_number() over (
			partition by q.list, q.step in ('enter', 'return') and not q.later order by q.ord) > t.free, false) as full
		from queued q left join seats t on t.list = q.list) q
), entered as (
	insert into admission (conference, list, person, scan, at)
	select $1::uuid, r.list, r.person, r.scan, r.at from ruled r
	where r.step = 'enter' and not r.skip order by r.list, r.person
	on conflict (list, person) where undone is null do nothing
	returning scan
), returned as (
	update admission a set left_at = null from ruled r
	where r.step = 'return' and not r.skip and a.id = r.admission and a.left_at is not null and a.undone is null
	returning r.scan
), gone as (
	update admission a set left_at = r.at from ruled r
	where r.step = 'leave' and not r.skip and a.person = r.person and a.list = any (r.leaves) and a.left_at is null and a.undone is null
	returning r.scan, a.list, a.list <> r.list as elsewhere, r.ticket, r.at
), done as materialized (
	select scan from entered union all select scan from returned union select scan from gone
), moved as materialized (
	-- Whoever goes into one room has left those beside it.
	select row(m.channel, m.type, m.data)::ev as ev
	from (select r.* from ruled r join done d on d.scan = r.scan
		where r.moves is not null and r.step in ('enter', 'return') and not r.skip order by r.person) r
	cross join lateral unnest(zone_move(r.person, r.moves, r.at, r.ticket)) as m(channel, type, data)
), answers as materialized (
	select r.*, json_strip_nulls(json_build_object('scan_id', r.scan, 'list', r.list, 'direction', r.direction,
			'verdict', v.verdict, 'reason', r.reason, 'again', case when r.step = 'return' then true end,
			'first', case when r.step = 'repeat' or r.reason = 'duplicate' then json_build_object('scan_id', r.first_scan,
				'at', iso(f.at), 'station', coalesce(fs.name, door_name(fp.name))) end,
			'window', r.next, 'ticket', r.ticket,
			'person', case when v.verdict <> 'refused' then json_build_object('name', door_name(r.name)) end,
			'category', case when v.verdict <> 'refused' and g.id is not null
				then json_build_object('id', g.id, 'name', g.name, 'color', g.color) end,
			'notes', case when v.verdict <> 'refused' and r.direction = 'entry' then door_notes($1::uuid, r.list, r.person) end,
			'badge', case when v.verdict <> 'refused' and r.direction = 'entry' then door_badge($1::uuid, r.person) end)) as result,
		v.verdict,
		case when s.id is not null then json_build_object('station', json_build_object('id', s.id, 'name', s.name))
			else json_build_object('staff', json_build_object('id', w.id, 'name', door_name(w.name))) end as by
	from ruled r
	cross join lateral (select case r.step when 'refuse' then 'refused' when 'repeat' then 'repeat' else 'admitted' end
		as verdict) v
	left join category g on g.id = r.category
	left join station s on s.id = r.station
	left join person w on w.id = r.staff
	left join scan f on f.scan_id = r.first_scan
	left join station fs on fs.id = f.station
	left join person fp on fp.id = f.staff
	where not r.skip and (r.step in ('refuse', 'repeat', 'pass') or exists (select from done d where d.scan = r.scan))
), stored as (
	-- A repeat is nothing that happened.
	insert into scan (scan_id, conference, list, station, staff, person, raw_hash, direction, scanned_at, at, boot_id, station_seq,
		offset_ms, uncert_ms, row_key)
	select a.scan, $1::uuid, a.list, a.station, a.staff, a.person, a.hash, a.direction, a.scanned_at, a.at, a.boot, a.seq,
		a.off_ms, a.uncert_ms, a.row_key
	from answers a where a.step <> 'repeat' order by a.scan
	on conflict on constraint scan_once do nothing
	returning scan_id
), told as materialized (
	select a.*, row_number() over (order by a.ord) as i from answers a join stored s on s.scan_id = a.scan
), judged as (
	insert into judgement (scan, conference, list, verdict, reason, first_scan, at, result)
	select t.scan, $1::uuid, t.list, t.verdict, t.reason, t.first_scan, t.at, t.result from told t
), log as materialized (
	select c.ord as i, json_build_object(c.channel, c.position) as positions
	from channel_append($1::uuid, (
		select array_agg(x.ev order by x.i) from (
			select t.i, row('list:' || t.list, 'scan.judged', (left(t.result::text, -1) || ','
				|| substr(left(t.by::text, -1), 2) || ',"at":"' || iso(t.at) || '"}')::json)::ev as ev from told t
			union all
			select null, m.ev from moved m
			union all
			select null, scan_left(g.list, g.ticket, g.at) from gone g where g.elsewhere) x)) c
)
select r.ord,
	case when r.fault is null and r.told is not null then with_positions(r.told, '{}')
		when t.i is not null then with_positions(t.result, l.positions)
		when a.step = 'repeat' then with_positions(a.result, '{}') end as reply,
	case when r.fault is not null then r.fault
		when r.told is not null or t.i is not null or a.step = 'repeat' then null
		when exists (select from done d where d.scan = r.scan) and not r.skip then scan_race()
		else 'again' end as fault
from ruled r left join answers a on a.ord = r.ord left join told t on t.ord = r.ord left join log l on l.i = t.i

-- Scans that a station kept while it had no network, or judged here before and now says what its screen showed.

-- When a scan happened, by the conference's clock. Within the segment of the station's clock that sends them, its monotonic clock says how
-- long ago; else its wall clock and how far from ours it knew itself to be. What cannot be is set to what can, and flagged.
create or replace function door_when(in_now timestamptz, in_sent timestamptz, in_sent_mono bigint, in_same_boot boolean,
	in_scanned timestamptz, in_mono bigint, in_offset interval, in_uncert_ms bigint, out at timestamptz, out flag text)
language plpgsql immutable as $$
declare
	ago double precision;
begin
	if in_same_boot and in_mono is not null and in_sent_mono is not null then
		ago := (in_sent_mono - in_mono) / 1000.0;
		-- Its two clocks have not gone alike since: one of them was set, or stood still.
		if abs(extract(epoch from in_sent - in_scanned) - ago) > 2 then
			flag := 'jump';
		end if;
	else
		ago := extract(epoch from in_now - (in_scanned + in_offset));
	end if;
	if ago < 0 then
		-- Less than it may be off is no claim.
		flag := case when ago < -coalesce(in_uncert_ms, 60000) / 1000.0 then 'future' else flag end;
		ago := 0;
	elsif ago > 30 * 86400 then
		flag := 'past';
		ago := 30 * 86400;
	end if;
	at := in_now - make_interval(secs => ago);
end $$;

-- What the code was worth by itself at that moment. A ticket revoked or replaced since, as far as clocks can say, was good then.
create or replace function door_merit(in_conference uuid, in_list checkin_list, in_code entry_code, in_malformed boolean, in_direction text,
	in_at timestamptz, in_doubt interval, in_shift interval)
returns text
language plpgsql stable as $$
declare
	p person;
	status text;
	w record;
	r record;
begin
	if in_malformed then
		return 'malformed';
	elsif in_code.lookup is null then
		return 'unknown';
	elsif in_code.conference <> in_conference then
		return 'wrong_event';
	end if;
	select * into p from person x where x.id = in_code.person;
	status := case when exists (select from registration g where g.person = p.id and g.state = 'cancelled') then 'revoked'
		when exists (select from entry_code n where n.person = p.id and n.generation > in_code.generation
			and n.created + in_shift <= in_at + in_doubt) then 'superseded'
		when in_code.revoked + in_shift <= in_at + in_doubt then 'revoked' end;
	select array_agg(x.category) as whose, array_agg(x.opens) as f, array_agg(x.closes) as u into w from door_windows(in_list.id) x;
	select * into r from door_reason(status, false, p.mode, p.category, in_direction, in_list.opens, in_list.closes, w.whose, w.f, w.u,
		in_at, in_doubt);
	return case when r.verdict = 'refused' then r.reason end;
end $$;

-- One scan of an upload. touched: its person is to be settled. told: the answer, where it will have no row.
create or replace function door_keep(in_conference uuid, in_station uuid, in_staff uuid, in_now timestamptz, in_shift interval, c record,
	out touched uuid, out told json)
language plpgsql as $$
declare
	o scan;
	l checkin_list;
	e entry_code;
	x record;
	merit text;
	walked boolean := coalesce(c.shown_verdict in ('admitted', 'repeat'), false);
	raw bytea := coalesce(c.hash, decode(c.ticket, 'hex'), '');
begin
	select * into o from scan s where s.scan_id = c.scan_id;
	if found then
		if (o.conference, o.list, o.direction, o.station, o.staff) is distinct from (in_conference, c.list, c.direction, in_station, in_staff) then
			told := json_build_object('scan_id', c.scan_id, 'fault', 'key.reused');
		elsif o.shown_verdict is null and c.shown_verdict is not null then
			update scan s set shown_verdict = c.shown_verdict, shown_reason = c.shown_reason, basis = c.basis, confirmed = c.confirmed
			where s.scan_id = c.scan_id;
			-- Where the screen said what we had said there is nothing to settle.
			select o.person into touched from judgement j
			where j.scan = c.scan_id and j.n = 1 and (j.verdict in ('admitted', 'repeat')) <> walked;
		end if;
		return;
	end if;
	select * into l from checkin_list k where k.conference = in_conference and k.id = c.list;
	if not found then
		told := json_build_object('scan_id', c.scan_id, 'fault', 'not_found');
		return;
	elsif exists (select from scan s where s.station = in_station and s.boot_id = c.boot_id and s.station_seq = c.seq) then
		told := json_build_object('scan_id', c.scan_id, 'fault', 'key.reused');
		return;
	end if;
	if not c.malformed then
		if c.hash is not null then
			select * into e from entry_code k where k.lookup = c.hash;
		elsif c.ticket is not null then
			select * into e from entry_code k where k.row_key = decode(c.ticket, 'hex');
		end if;
	end if;
	merit := door_merit(in_conference, l, e, c.malformed, c.direction, c.at, make_interval(secs => c.doubt / 1000.0), in_shift);
	if e.conference = in_conference then
		touched := e.person;
		-- The same badge in the same hands within ten seconds, by those hands' own clock: nothing that happened.
		if walked then
			select s.scan_id, s.at, coalesce(t.name, door_name(w.name)) as station into x
			from scan s left join station t on t.id = s.station left join person w on w.id = s.staff
			where s.person = e.person and s.list = c.list and s.direction = c.direction
				and (s.station, s.staff) is not distinct from (in_station, in_staff) and s.boot_id is not distinct from c.boot_id
				and c.scanned_at >= s.scanned_at and c.scanned_at < s.scanned_at + interval '10 s'
				and coalesce(s.shown_verdict in ('admitted', 'repeat'), true)
				and (select j.verdict from judgement j where j.scan = s.scan_id order by j.n desc limit 1) is distinct from 'reversed'
			order by s.scanned_at limit 1;
			if found then
				touched := null;
				told := json_build_object('scan_id', c.scan_id, 'list', c.list, 'direction', c.direction, 'verdict', 'repeat',
					'first', json_build_object('scan_id', x.scan_id, 'at', iso(x.at), 'station', x.station));
				return;
			end if;
		end if;
	end if;
	insert into scan (scan_id, conference, list, station, staff, person, raw_hash, direction, scanned_at, at, boot_id, station_seq, mode,
		mono_ms, offset_ms, uncert_ms, clock_flag, shown_verdict, shown_reason, basis, confirmed, row_key, merit)
	values (c.scan_id, in_conference, c.list, in_station, in_staff, touched, raw, c.direction, c.scanned_at, c.at, c.boot_id, c.seq, 'offline',
		c.mono, c.offset_ms, c.doubt, c.flag, c.shown_verdict, c.shown_reason, c.basis, c.confirmed,
		coalesce(decode(c.ticket, 'hex'), e.row_key), merit)
	on conflict on constraint scan_once do nothing;
	if not found then
		perform scan_race();
	end if;
end $$;

-- A scan of nobody we know. If its screen let somebody in, somebody is inside who is not in the register.
create or replace function door_stranger(in_scan uuid, in_walk_in jsonb) returns ev[]
language plpgsql as $$
declare
	s scan;
	walked boolean;
	evs ev[];
	made uuid;
begin
	select * into s from scan x where x.scan_id = in_scan;
	if s.scan_id is null or s.person is not null or exists (select from judgement j where j.scan = in_scan) then
		return '{}';
	end if;
	walked := coalesce(s.shown_verdict in ('admitted', 'repeat'), false) or in_walk_in is not null;
	evs := door_judge(in_scan, case when walked then 'admitted' else 'refused' end, s.merit, null);
	if walked and s.direction = 'entry' then
		insert into conflict (conference, list, kind, scan_a, raised, detail)
		values (s.conference, s.list, 'walk_in', in_scan, plenum_now(s.conference), coalesce(in_walk_in, '{}'))
		returning id into made;
		evs := evs || conflict_events(made, 'conflict.raised');
	end if;
	return evs;
end $$;

-- Numbers that came; those before them that did not are lost scans until they come.
create or replace function door_numbers(in_conference uuid, in_station uuid, in_boot uuid, in_list uuid, in_seen int8multirange, in_now timestamptz)
returns ev[]
language plpgsql as $$
declare
	seen int8multirange;
	missing int8multirange;
	c conflict;
	said jsonb;
begin
	insert into station_seq as q (station, boot_id, conference, seen) values (in_station, in_boot, in_conference, in_seen)
	on conflict on constraint station_seq_once do update set seen = q.seen + excluded.seen
	returning q.seen into seen;
	missing := int8multirange(int8range(1, upper(seen))) - seen;
	if not isempty(missing) then
		-- Judged here at once and never uploaded: not lost.
		missing := missing - coalesce((select range_agg(int8range(s.station_seq, s.station_seq, '[]')) from scan s
			where s.station = in_station and s.boot_id = in_boot and s.station_seq between lower(missing) and upper(missing) and missing @> s.station_seq), '{}');
	end if;
	select * into c from conflict x where x.kind = 'missing_scans' and x.station = in_station and x.boot_id = in_boot and x.settled is null
	for no key update;
	if isempty(missing) then
		if c.id is null then
			return '{}';
		end if;
		update conflict x set settled = in_now where x.id = c.id;
		return conflict_events(c.id, 'conflict.settled');
	end if;
	said := jsonb_build_object('count', (select sum(upper(r) - lower(r)) from unnest(missing) r),
		'numbers', (select jsonb_agg(jsonb_build_array(x.f, x.u)) from (select lower(r) as f, upper(r) - 1 as u from unnest(missing) r limit 20) x));
	if c.id is null then
		-- A person may have settled this very gap: it does not come back for the same numbers.
		if exists (select from conflict x where x.kind = 'missing_scans' and x.station = in_station and x.boot_id = in_boot and x.detail = said) then
			return '{}';
		end if;
		insert into conflict (conference, list, kind, station, boot_id, raised, detail)
		values (in_conference, in_list, 'missing_scans', in_station, in_boot, in_now, said) returning id into c.id;
		return conflict_events(c.id, 'conflict.raised');
	elsif c.detail is distinct from said then
		update conflict x set detail = said where x.id = c.id;
	end if;
	return '{}';
end $$;

-- All of an upload in one transaction: kept as facts in the order they happened, then each person's are settled once.
create or replace function door_upload(in_conference uuid, in_station uuid, in_staff uuid, in_sent timestamptz, in_sent_mono bigint,
	in_boot uuid, in_scans json)
returns table (reply text, fault text)
language plpgsql as $$
declare
	clock timestamptz := plenum_now(in_conference);
	-- Those that read badly are only answered.
	scans json := (select coalesce(json_agg(r order by n), '[]') from json_array_elements(in_scans) with ordinality as x(r, n) where r -> 'bad' is null);
	shift interval := (select k.clock_offset from conference k where k.id = in_conference);
	said_offset interval;
	said_uncert bigint;
	c record;
	kept record;
	persons uuid[] := '{}';
	told jsonb := '{}';
	evs ev[] := '{}';
	boots uuid[] := '{}';
begin
	if in_station is not null and not exists (select from station s where s.id = in_station and s.conference = in_conference
		and s.kind = 'kiosk' and s.revoked is null)
	then
		return query select null::text, 'denied';
		return;
	end if;
	select make_interval(secs => (s.said ->> 'offset_ms')::bigint / 1000.0), (s.said ->> 'uncert_ms')::bigint into said_offset, said_uncert
	from station_state s where s.station = in_station;
	-- Whoever else settles one of these waits: in one order.
	perform from person p where p.conference = in_conference and p.id in (
		select e.person from json_to_recordset(scans) as x(hash bytea) join entry_code e on e.lookup = x.hash
		union select e.person from json_to_recordset(scans) as x(ticket text) join entry_code e on e.row_key = decode(x.ticket, 'hex')
		union select s.person from json_to_recordset(scans) as x(scan_id uuid) join scan s on s.scan_id = x.scan_id)
	order by p.id for no key update;
	for c in
		select x.*, w.at, w.flag, coalesce(x.uncert_ms, said_uncert, 60000) as doubt
		from json_to_recordset(scans) as x(ord int, scan_id uuid, list uuid, hash bytea, malformed boolean, ticket text, direction text,
			scanned_at timestamptz, mono bigint, boot_id uuid, seq bigint, offset_ms bigint, uncert_ms bigint, shown_verdict text,
			shown_reason text, basis bigint, walk_in jsonb, confirmed uuid[])
		cross join lateral door_when(clock, in_sent, in_sent_mono, x.boot_id = in_boot, x.scanned_at, x.mono,
			coalesce(make_interval(secs => x.offset_ms / 1000.0), said_offset, shift), coalesce(x.uncert_ms, said_uncert)) w
		order by w.at, x.scan_id
	loop
		kept := door_keep(in_conference, in_station, in_staff, clock, shift, c);
		if kept.told is not null then
			told := told || jsonb_build_object(c.scan_id::text, kept.told);
		elsif kept.touched is not null then
			persons := persons || kept.touched;
		else
			evs := evs || door_stranger(c.scan_id, c.walk_in);
		end if;
	end loop;
	for c in select distinct p from unnest(persons) p order by p loop
		evs := evs || door_settle(in_conference, c.p);
	end loop;
	if in_station is not null then
		for c in
			select x.boot_id, (array_agg(x.list))[1] as list, range_agg(int8range(x.seq, x.seq, '[]')) as seen
			from json_to_recordset(scans) as x(boot_id uuid, seq bigint, list uuid)
			where x.boot_id is not null and x.seq is not null and exists (select from checkin_list l where l.id = x.list and l.conference = in_conference)
			group by x.boot_id order by x.boot_id
		loop
			evs := evs || door_numbers(in_conference, in_station, c.boot_id, c.list, c.seen, clock);
		end loop;
	end if;
	perform door_confirmed(in_conference, x.scan_id, x.confirmed, in_station, in_staff, clock)
	from json_to_recordset(scans) as x(scan_id uuid, confirmed uuid[]) where x.confirmed is not null;
	return query select write_done(in_conference, null, null, null, json_build_object('scans', (
		select coalesce(json_agg(case when x.bad then json_strip_nulls(json_build_object('scan_id', x.said, 'fault', 'bad_request'))::jsonb
			else coalesce(told -> x.scan_id::text, (select j.result::jsonb || jsonb_strip_nulls(jsonb_build_object('at', iso(s.at), 'flag', s.clock_flag,
				'conflict', (select k.id from conflict k where x.scan_id in (k.scan_a, k.scan_b) and k.settled is null limit 1)))
			from judgement j join scan s on s.scan_id = j.scan where j.scan = x.scan_id order by j.n desc limit 1)) end order by x.ord), '[]')
		from json_to_recordset(in_scans) as x(ord int, scan_id uuid, bad boolean, said text))), evs), null::text;
end $$;

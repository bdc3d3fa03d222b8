-- What a person's scans amount to: pure bookkeeping over facts in the order they happened, whatever order they came in. The result is
-- written where it differs from what stands: judgements behind the last ones, admissions, conflicts.

-- How far a scan's time may be off, in ms: one we judged ourselves has our own time.
create or replace function door_doubt(in_mode text, in_uncert_ms bigint) returns bigint
language sql immutable parallel safe as $$
	select case when in_mode = 'online' then 0 else coalesce(in_uncert_ms, 60000) end
$$;

-- What a scan is told, apart from positions: as checkin.admit tells it.
create or replace function door_result(in_scan uuid, in_verdict text, in_reason text, in_first uuid) returns json
language sql stable as $$
	select json_strip_nulls(json_build_object('scan_id', s.scan_id, 'list', s.list, 'direction', s.direction,
		'verdict', in_verdict, 'reason', in_reason,
		'again', case when in_verdict = 'admitted' and s.direction = 'entry' and in_first is not null then true end,
		'first', case when in_reason in ('duplicate', 'duplicate_offline') then (select json_build_object('scan_id', f.scan_id, 'at', iso(f.at),
			'station', coalesce(fs.name, door_name(fp.name)))
			from scan f left join station fs on fs.id = f.station left join person fp on fp.id = f.staff where f.scan_id = in_first) end,
		'ticket', coalesce(encode(s.row_key, 'hex'), door_ticket(s.person)),
		'person', case when in_verdict not in ('refused', 'reversed') and p.id is not null then json_build_object('name', door_name(p.name)) end,
		'category', case when in_verdict not in ('refused', 'reversed') and g.id is not null
			then json_build_object('id', g.id, 'name', g.name, 'color', g.color) end))
	from scan s left join person p on p.id = s.person left join category g on g.id = p.category
	where s.scan_id = in_scan
$$;

-- The newest ticket of a person: where a scan itself does not say which.
create or replace function door_ticket(in_person uuid) returns text
language sql stable as $$
	select encode(e.row_key, 'hex') from entry_code e where e.person = in_person order by e.generation desc limit 1
$$;

-- scan.judged: the result, whose scan it was, and when.
create or replace function door_judged(in_scan uuid, in_result json) returns json
language sql stable as $$
	select json_plus(in_result, json_build_object('station', case when t.id is not null then json_build_object('id', t.id, 'name', t.name) end,
		'staff', case when t.id is null then json_build_object('id', w.id, 'name', door_name(w.name)) end, 'at', iso(s.at)))
	from scan s left join station t on t.id = s.station left join person w on w.id = s.staff
	where s.scan_id = in_scan
$$;

-- One more judgement of a scan, and who hears it: its list, and once it had another one its own station.
create or replace function door_judge(in_scan uuid, in_verdict text, in_reason text, in_first uuid, in_by uuid default null) returns ev[]
language plpgsql as $$
declare
	s scan;
	told json := door_result(in_scan, in_verdict, in_reason, in_first);
	next int := (select coalesce(max(j.n), 0) + 1 from judgement j where j.scan = in_scan);
	judged json;
begin
	select * into s from scan x where x.scan_id = in_scan;
	insert into judgement (scan, n, conference, list, verdict, reason, first_scan, at, by_person, result)
	values (in_scan, next, s.conference, s.list, in_verdict, in_reason, in_first, plenum_now(s.conference), in_by, told);
	judged := door_judged(in_scan, json_plus(told, json_build_object('n', nullif(next, 1))));
	return case when next > 1 and s.station is not null
		then array[row('list:' || s.list, 'scan.judged', judged)::ev, row('station:' || s.station, 'scan.judged', judged)::ev]
		else array[row('list:' || s.list, 'scan.judged', judged)::ev] end;
end $$;

-- The first end of the list's day behind an instant: wall time, so that PostgreSQL says which instant that is on each date.
create or replace function day_end_after(in_list uuid, in_at timestamptz) returns timestamptz
language sql stable as $$
	select min(x.at) from checkin_list l join conference c on c.id = l.conference
	cross join lateral (select ((in_at at time zone c.zone)::date + d + l.day_ends) at time zone c.zone as at from generate_series(-1, 2) d) x
	where l.id = in_list and l.day_ends is not null and x.at > in_at
$$;

-- All of one person's scans, in the order they happened. The caller holds the person's row. in_undoing: scan.undone is the caller's to say.
create or replace function door_settle(in_conference uuid, in_person uuid, in_by uuid default null, in_why text default null,
	in_undoing boolean default false)
returns ev[]
language plpgsql as $$
declare
	clock timestamptz := plenum_now(in_conference);
	evs ev[] := '{}';
	ticket text := door_ticket(in_person);
	s record;
	-- One place for each list the person was scanned at.
	lists uuid[] := '{}';
	entry uuid[] := '{}';
	stay uuid[] := '{}';
	entered timestamptz[] := '{}';
	since timestamptz[] := '{}';
	gone timestamptz[] := '{}';
	-- Nobody scanned them out: another zone or the end of the day did.
	silent boolean[] := '{}';
	ends boolean[] := '{}';
	leaves text[] := '{}';
	moves text[] := '{}';
	z record;
	day timestamptz;
	i int;
	out_of boolean;
	v text;
	why text;
	first uuid;
	-- What a person should look at.
	kinds text[] := '{}';
	kind_a uuid[] := '{}';
	kind_b uuid[] := '{}';
	kind_list uuid[] := '{}';
	open_doubt boolean[] := '{}';
	a admission;
begin
	for s in
		select c.*, door_doubt(c.mode, c.uncert_ms) as doubt, j1.verdict as verdict1, j1.reason as reason1, j1.first_scan as first1,
			j.n, j.verdict, j.reason, j.first_scan
		from scan c
		left join judgement j1 on j1.scan = c.scan_id and j1.n = 1
		left join lateral (select * from judgement j where j.scan = c.scan_id order by j.n desc limit 1) j on true
		where c.person = in_person and c.conference = in_conference
		order by c.at, c.scan_id
	loop
		i := array_position(lists, s.list);
		if i is null then
			lists := lists || s.list;
			i := cardinality(lists);
			entry[i] := null;
			stay[i] := null;
			entered[i] := null;
			since[i] := null;
			gone[i] := null;
			silent[i] := false;
			select g.leaves, g.moves, l.day_ends is not null as ends into z from checkin_list l cross join zone_lists(l.id) g where l.id = s.list;
			ends[i] := z.ends;
			leaves[i] := z.leaves::text;
			moves[i] := z.moves::text;
		end if;
		for k in 1 .. cardinality(lists) loop
			if ends[k] and since[k] is not null and gone[k] is null then
				day := day_end_after(lists[k], since[k]);
				if day <= s.at then
					gone[k] := day;
					silent[k] := true;
				end if;
			end if;
		end loop;
		continue when s.verdict in ('reversed', 'repeat');
		first := null;
		-- What was against the code by itself.
		why := case when s.mode = 'offline' then s.merit
			when s.reason1 in ('duplicate', 'duplicate_offline', 'not_shown', 'exit_without_entry') then null
			when s.reason1 = 'admitted_after_revocation' then 'revoked' else s.reason1 end;
		if not coalesce(s.shown_verdict in ('admitted', 'repeat'), s.verdict1 in ('admitted', 'repeat')) then
			-- Nobody went through.
			v := 'refused';
			if s.verdict1 = 'refused' and s.mode = 'online' then
				why := s.reason1;
				first := s.first1;
			elsif why is null then
				if s.direction = 'entry' and since[i] is not null and gone[i] is null then
					why := 'duplicate';
					first := entry[i];
				else
					why := 'not_shown';
				end if;
			end if;
			if s.verdict1 = 'admitted' and s.direction = 'entry' then
				kinds := kinds || 'burnt'::text;
				kind_a := kind_a || s.scan_id;
				kind_b := kind_b || null::uuid;
				kind_list := kind_list || s.list;
				open_doubt := open_doubt || false;
			end if;
		elsif s.direction = 'exit' then
			v := 'admitted';
			out_of := false;
			for k in 1 .. cardinality(lists) loop
				if since[k] is not null and gone[k] is null and lists[k] = any (leaves[i]::uuid[]) then
					out_of := true;
					gone[k] := s.at;
					silent[k] := k <> i;
				end if;
			end loop;
			why := case when not out_of then 'exit_without_entry' end;
			first := entry[i];
		elsif since[i] is not null and gone[i] is null then
			v := 'refused';
			why := 'duplicate_offline';
			first := entry[i];
			kinds := kinds || 'double_entry'::text;
			kind_a := kind_a || stay[i];
			kind_b := kind_b || s.scan_id;
			kind_list := kind_list || s.list;
			open_doubt := open_doubt || (s.at - make_interval(secs => s.doubt / 1000.0) <= entered[i]);
		else
			v := 'admitted';
			if why in ('revoked', 'superseded') then
				why := 'admitted_after_revocation';
				kinds := kinds || 'revoked_entry'::text;
				kind_a := kind_a || s.scan_id;
				kind_b := kind_b || null::uuid;
				kind_list := kind_list || s.list;
				open_doubt := open_doubt || false;
			end if;
			first := entry[i];
			entry[i] := coalesce(first, s.scan_id);
			stay[i] := s.scan_id;
			-- The latest moment at which it may have been.
			entered[i] := s.at + make_interval(secs => s.doubt / 1000.0);
			since[i] := s.at;
			gone[i] := null;
			if moves[i] is not null then
				for k in 1 .. cardinality(lists) loop
					if k <> i and since[k] is not null and gone[k] is null and lists[k] = any (moves[i]::uuid[]) then
						gone[k] := s.at;
						silent[k] := true;
					end if;
				end loop;
			end if;
		end if;
		if (v, why) is distinct from (s.verdict, s.reason) or v = 'refused' and first is distinct from s.first_scan then
			evs := evs || door_judge(s.scan_id, v, why, first);
		end if;
	end loop;
	for k in 1 .. cardinality(lists) loop
		if ends[k] and since[k] is not null and gone[k] is null then
			day := day_end_after(lists[k], since[k]);
			if day <= clock then
				gone[k] := day;
				silent[k] := true;
			end if;
		end if;
		select * into a from admission x where x.list = lists[k] and x.person = in_person and x.undone is null;
		if a.id is null and entry[k] is not null then
			insert into admission (conference, list, person, scan, at, left_at)
			select in_conference, c.list, in_person, c.scan_id, c.at, gone[k] from scan c where c.scan_id = entry[k]
			on conflict (list, person) where undone is null do nothing;
			if not found then
				perform scan_race();
			end if;
		elsif a.id is not null and (entry[k], gone[k]) is distinct from (a.scan, a.left_at) then
			-- Only if it still is as we saw it: somebody may be scanned at this moment.
			update admission x set scan = coalesce(entry[k], x.scan), left_at = gone[k],
				at = case when entry[k] is null then x.at else (select c.at from scan c where c.scan_id = entry[k]) end,
				undone = case when entry[k] is null then clock end, undone_by = case when entry[k] is null then in_by end,
				undo_reason = case when entry[k] is null then coalesce(in_why, 'not_shown') end
			where x.id = a.id and x.undone is null and x.left_at is not distinct from a.left_at and x.scan = a.scan;
			if not found then
				perform scan_race();
			end if;
			if entry[k] is null and not in_undoing then
				evs := evs || row('list:' || a.list, 'scan.undone', json_strip_nulls(json_build_object('scan_id', a.scan, 'list', a.list,
					'reason', 'not_shown', 'ticket', ticket, 'at', iso(clock))))::ev;
			end if;
		end if;
		if a.left_at is null and gone[k] is not null and silent[k] then
			evs := evs || scan_left(lists[k], ticket, gone[k]);
		end if;
	end loop;
	return evs || conflict_reconcile(in_conference, in_person, clock, kinds, kind_a, kind_b, kind_list, open_doubt);
end $$;

-- Of one person: raises what is new, settles by itself what later facts have cleared up, leaves what a person has settled.
create or replace function conflict_reconcile(in_conference uuid, in_person uuid, in_at timestamptz, in_kinds text[], in_a uuid[],
	in_b uuid[], in_lists uuid[], in_doubt boolean[])
returns ev[]
language plpgsql as $$
declare
	evs ev[] := '{}';
	c record;
	made uuid;
	burnt boolean;
begin
	for c in
		select x.id from conflict x
		where x.person = in_person and x.settled is null and x.kind in ('double_entry', 'revoked_entry')
			and not exists (select from unnest(in_kinds, in_a, in_b) as w(kind, a, b)
				where w.kind = x.kind and (least(w.a, w.b), greatest(w.a, w.b)) = (least(x.scan_a, x.scan_b), greatest(x.scan_a, x.scan_b)))
		order by x.id for no key update
	loop
		update conflict x set settled = in_at where x.id = c.id;
		evs := evs || conflict_events(c.id, 'conflict.settled');
	end loop;
	for c in select * from unnest(in_kinds, in_a, in_b, in_lists, in_doubt) as w(kind, a, b, list, doubt) loop
		made := null;
		burnt := c.kind = 'burnt';
		if c.b is null then
			-- The release itself settles a burnt one.
			insert into conflict (conference, list, kind, person, scan_a, raised, settled)
			values (in_conference, c.list, c.kind, in_person, c.a, in_at, case when burnt then in_at end)
			on conflict (kind, scan_a) where scan_b is null and scan_a is not null
			do update set settled = null where conflict.settled is not null and conflict.settled_by is null and not burnt
			returning id into made;
		else
			insert into conflict (conference, list, kind, person, scan_a, scan_b, undetermined, raised)
			values (in_conference, c.list, c.kind, in_person, c.a, c.b, c.doubt, in_at)
			on conflict (kind, least(scan_a, scan_b), greatest(scan_a, scan_b)) where scan_b is not null
			do update set settled = null, undetermined = excluded.undetermined where conflict.settled is not null and conflict.settled_by is null
			returning id into made;
		end if;
		if made is not null then
			evs := evs || conflict_events(made, 'conflict.raised');
			if burnt then
				evs := evs || conflict_events(made, 'conflict.settled');
			end if;
		end if;
	end loop;
	return evs;
end $$;

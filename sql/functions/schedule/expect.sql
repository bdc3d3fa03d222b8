-- Expected times of a room: what expect_times says is kept in `expected`, told where it differs, and looked at again when time moves it.

-- The slots of a room as expect_times wants them. Half a day back is what may still be running or push; cancelled ones take no time.
create or replace function expect_items(in_conference uuid, in_room uuid, in_at timestamptz) returns expect_item[]
language sql stable as $$
	select coalesce(array_agg(row(p.slot, lower(p.during), upper(p.during), p.anchor, p.min_s, p.started, p.ended,
			-- Talks that are run one by one may reach beyond their slot.
			p.added + board_overrun(p, in_at),
			p.overlap_ok and exists (select from published o where o.room = p.room and o.slot <> p.slot
				and not o.cancelled and o.during && p.during), false)::expect_item
		order by coalesce(p.started, lower(p.during)), lower(p.during), p.slot), '{}')
	from published p
	where p.conference = in_conference and p.room = in_room and not p.cancelled
		and greatest(upper(p.during), p.started) > in_at - interval '12 hours'
$$;

-- expected.changed for `schedule` and the room's own channel; an event holds 16 KiB, which is more than 50 slots.
create or replace function expect_events(in_room uuid, in_slots json[], in_alarm json) returns ev[]
language sql immutable as $$
	select coalesce(array_agg(row(c.name, 'expected.changed', d.data)::ev order by d.part, c.name), '{}')
	from (select part, json_build_object('room', in_room, 'slots', json_agg(slot order by ord), 'alarm', in_alarm) as data
		from unnest(in_slots) with ordinality as u(slot, ord), lateral (select (ord - 1) / 50) as p(part)
		group by part) d
		cross join (values ('schedule'), ('room:' || in_room)) as c(name)
$$;

create or replace function expect_slot_json(in_slot uuid, starts timestamptz, ends timestamptz, assumed boolean,
	unconfirmed boolean, added int) returns json
language sql immutable as $$
	select json_strip_nulls(json_build_object('slot', in_slot, 'expected_start', iso(starts), 'expected_end', iso(ends),
		'assumed', case when assumed then true end, 'unconfirmed', case when unconfirmed then true end,
		'added', nullif(added, 0)))
$$;

-- When time alone will change what a room shows: a start, three minutes after it, an end, another minute of running over.
create or replace function expect_next(in_starts timestamptz, in_ends timestamptz, in_begun boolean, in_over boolean,
	in_assumed boolean, in_unconfirmed boolean, in_deficit int, in_at timestamptz) returns timestamptz
language sql immutable as $$
	select min(t) from unnest(case when in_over then '{}'::timestamptz[]
			when in_unconfirmed then array[in_ends + interval '2 hours']
			when in_begun or in_assumed then array[in_ends]
			else array[in_starts, in_starts + interval '3 minutes', in_ends] end
		|| case when in_deficit > 0 then in_starts + make_interval(secs => in_deficit) end) as t
	where t > in_at
$$;

-- Looks at the room again at that instant of the conference's clock; null: no more.
create or replace function expect_due(in_conference uuid, in_room uuid, in_next timestamptz) returns void
language plpgsql as $$
begin
	if in_next is null then
		delete from due where conference = in_conference and kind = 'expect' and subject = in_room::text;
		return;
	end if;
	insert into due (conference, kind, subject, at)
	select id, 'expect', in_room::text, greatest(in_next - clock_offset, now() + interval '1 second')
	from conference where id = in_conference
	on conflict on constraint due_once do update set at = excluded.at where due.at <> excluded.at;
end $$;

-- Keeps one slot's row, or takes it away when there is nothing to say. ahead: it has not begun, so a move of its start is news.
-- told_before: the start people were last told of, where they must hear again.
create or replace function expect_keep(in_conference uuid, in_room uuid, in_slot uuid, in_plan tstzrange, in_starts timestamptz,
	in_ends timestamptz, in_assumed boolean, in_unconfirmed boolean, ahead boolean, was expected,
	out changed boolean, out told_before timestamptz)
language plpgsql as $$
declare
	-- After a release that moved it, what was told of the old plan is the release's to tell.
	same boolean := coalesce(was.planned = in_plan, false);
	told timestamptz := case when same then was.told_start end;
	last_end timestamptz := greatest(in_ends, upper(in_plan), case when same then was.latest end);
begin
	told_before := coalesce(told, lower(in_plan));
	if ahead and abs(extract(epoch from in_starts - told_before)) >= 300 then
		told := nullif(in_starts, lower(in_plan));
	else
		told_before := null;
	end if;
	changed := case when was.slot is null then (in_starts, in_ends) <> (lower(in_plan), upper(in_plan)) or in_assumed or in_unconfirmed
		else (was.planned, was.starts, was.ends, was.assumed, was.unconfirmed)
			is distinct from (in_plan, in_starts, in_ends, in_assumed, in_unconfirmed) end;
	if (in_starts, in_ends) = (lower(in_plan), upper(in_plan)) and not in_assumed and not in_unconfirmed
		and last_end = upper(in_plan) and told is null
	then
		if was.slot is not null then
			delete from expected where slot = in_slot;
		end if;
	elsif changed or (was.room, was.latest, was.told_start) is distinct from (in_room, last_end, told) then
		insert into expected (slot, conference, room, planned, starts, ends, assumed, unconfirmed, latest, told_start)
		values (in_slot, in_conference, in_room, in_plan, in_starts, in_ends, in_assumed, in_unconfirmed, last_end, told)
		on conflict on constraint expected_once do update set room = excluded.room, planned = excluded.planned,
			starts = excluded.starts, ends = excluded.ends, assumed = excluded.assumed, unconfirmed = excluded.unconfirmed,
			latest = excluded.latest, told_start = excluded.told_start;
	end if;
end $$;

-- Call it in any transaction that changed what runs or is published in a room; append what it returns. The room's row stays locked.
create or replace function expect_room(in_conference uuid, in_room uuid) returns ev[]
language plpgsql as $$
declare
	clock timestamptz := plenum_now(in_conference);
	r record;
	kept record;
	next timestamptz;
	alarm json;
	shown room_run;
	seen room_run;
	changed uuid[] := '{}';
	changes json[] := '{}';
	evs ev[] := '{}';
begin
	perform from room where id = in_room and conference = in_conference for no key update;
	if not found then
		return evs;
	end if;
	for r in
		select t.*, p.during, p.started, p.ended, p.added, x as was, p as place
		from expect_times(expect_items(in_conference, in_room, clock), clock) t
			join published p on p.slot = t.slot left join expected x on x.slot = t.slot
	loop
		next := least(next, expect_next(r.starts, r.ends, r.started is not null, r.ended is not null, r.assumed,
			r.unconfirmed, r.deficit_s, clock), board_next(r.place, clock));
		if r.deficit_s > 0 and alarm is null then
			alarm := json_build_object('slot', r.slot, 'deficit_s', r.deficit_s);
		end if;
		select * into kept from expect_keep(in_conference, in_room, r.slot, r.during, r.starts, r.ends, r.assumed, r.unconfirmed,
			r.started is null and not r.assumed and r.starts >= clock, r.was);
		if kept.changed then
			changed := changed || r.slot;
			changes := changes || expect_slot_json(r.slot, r.starts, r.ends, r.assumed, r.unconfirmed, r.added);
		end if;
		if kept.told_before is not null then
			evs := evs || news_expected(in_conference, r.slot, kept.told_before, r.starts);
		end if;
	end loop;
	delete from expected x using published p where x.room = in_room and p.slot = x.slot and (p.cancelled or p.room <> in_room);
	perform expect_due(in_conference, in_room, next);

	select * into seen from room_run where room = in_room;
	select in_room, in_conference, p.now_slot, p.next_slot, alarm into shown
	from (values (1)) x left join now_places(in_conference, in_room) p on true;
	if (seen.now_slot, seen.next_slot, seen.alarm::text)
		is distinct from (shown.now_slot, shown.next_slot, shown.alarm::text)
	then
		insert into room_run values (shown.*) on conflict on constraint room_run_once do update
		set now_slot = excluded.now_slot, next_slot = excluded.next_slot, alarm = excluded.alarm;
	end if;
	evs := expect_events(in_room, changes, alarm) || evs;
	if seen.alarm::text is distinct from shown.alarm::text then
		evs := evs || row('room:' || in_room, 'schedule.alarm',
			json_build_object('room', in_room, 'alarm', alarm))::ev;
	end if;
	if (seen.now_slot, seen.next_slot) is distinct from (shown.now_slot, shown.next_slot)
		or changed && array[shown.now_slot, shown.next_slot]
	then
		evs := evs || now_changed(in_conference);
	end if;
	return evs;
end $$;

-- Time has moved a room. Whoever holds the room is looking at it already; what is on is told once for all rooms, a moment later.
create or replace function due_expect(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	evs ev[];
begin
	perform from room where id = in_subject::uuid for no key update skip locked;
	if not found then
		insert into due (conference, kind, subject, at)
		select conference, 'expect', in_subject, now() + interval '1 second' from room where id = in_subject::uuid
		on conflict on constraint due_once do nothing;
		return;
	end if;
	evs := expect_room(in_conference, in_subject::uuid);
	if exists (select from unnest(evs) e where e.type = 'now.changed') then
		evs := array(select e from unnest(evs) e where e.type <> 'now.changed');
		insert into due (conference, kind, at) values (in_conference, 'now', now() + interval '1 second')
		on conflict on constraint due_once do nothing;
	end if;
	perform channel_append(in_conference, evs);
end $$;

create or replace function due_now(in_conference uuid, in_subject text) returns void
language sql as $$
	select channel_append(in_conference, array[now_changed(in_conference)])
$$;

-- The conference's clock was moved, or its programme replaced: every room is looked at again.
create or replace function expect_all(in_conference uuid) returns void
language sql as $$
	insert into due (conference, kind, subject, at)
	select distinct p.conference, 'expect', p.room::text, now() from published p where p.conference = in_conference
	on conflict on constraint due_once do update set at = excluded.at
$$;

-- What the people who run a room press: a slot begins, ends, gets more time, or everything is on time after all.

-- A published slot as clients see it, with its expected times.
create or replace function slot_shown(in_slot uuid) returns json
language sql stable as $$
	select slot_json(p.slot, p.session, p.room, lower(p.during), upper(p.during), p.started, p.ended, p.cancelled, p.version,
		p.revision, p.anchor, p.min_s, x.starts, x.ends, x.assumed, x.unconfirmed, p.added)
	from published p left join expected x on x.slot = p.slot
	where p.slot = in_slot
$$;

create or replace function slot_events(in_type text, in_slot uuid) returns ev[]
language sql stable as $$
	select array[row('schedule', in_type, d)::ev, row('room:' || (d ->> 'room'), in_type, d)::ev]
	from slot_shown(in_slot) d
$$;

-- The slot with its room locked: who runs a room waits here for the other who does. Null: no such slot. A release may have moved it
-- while we waited, so the room is looked up again.
create or replace function slot_lock(in_conference uuid, in_slot uuid) returns published
language plpgsql as $$
declare
	held published;
	locked uuid;
begin
	loop
		select * into held from published p where p.slot = in_slot and p.conference = in_conference;
		exit when held.slot is null or held.room = locked;
		perform from room where id = held.room for no key update;
		locked := held.room;
	end loop;
	return held;
end $$;

-- The slot begins, in a locked room: what ran before it there ends, with its talks. Two that overlap by permission run side by side.
-- in_at null: now. fault: it runs already, is cancelled, or another has begun since.
create or replace function slot_begin(p published, in_at timestamptz, out begun timestamptz, out evs ev[], out fault text)
language plpgsql as $$
#variable_conflict use_column
declare
	clock timestamptz := plenum_now(p.conference);
	since timestamptz;
	latest timestamptz;
	other record;
	ended_evs ev[] := '{}';
	over uuid[] := '{}';
begin
	select max(o.started), max(greatest(o.started, o.ended)) into since, latest from published o
	where o.room = p.room and o.conference = p.conference and o.slot <> p.slot and not o.cancelled and o.started is not null
		and not o.during && p.during;
	if p.cancelled or p.started is not null and (p.ended is null or since >= p.started) or since > in_at then
		fault := 'slot.state';
		return;
	end if;
	-- What has happened is not rewritten: it begins when the one before it has ended.
	begun := coalesce(p.started, greatest(coalesce(in_at, clock), latest));
	for other in
		update published o set ended = greatest(o.started, begun)
		where o.room = p.room and o.conference = p.conference and o.slot <> p.slot and not o.cancelled
			and o.started is not null and o.ended is null and not o.during && p.during
		returning o.slot, o.session, o.room, o.ended
	loop
		over := over || other.slot;
		ended_evs := ended_evs || talk_stop_told(p.conference, other.session, other.slot, other.room, other.ended);
	end loop;
	update published o set started = begun, ended = null where o.slot = p.slot;
	evs := expect_room(p.conference, p.room);
	evs := ended_evs || coalesce((select array_agg(e) from unnest(over) s, unnest(slot_events('slot.ended', s)) e), '{}')
		|| slot_events('slot.started', p.slot) || evs;
end $$;

-- The slot ends, in a locked room. Nobody may have pressed that it began: then it did when it was expected to.
create or replace function slot_finish(p published, in_at timestamptz, out over timestamptz, out evs ev[], out fault text)
language plpgsql as $$
#variable_conflict use_column
declare
	clock timestamptz := plenum_now(p.conference);
	begun timestamptz := coalesce(p.started, (select x.starts from expected x where x.slot = p.slot), lower(p.during));
	next timestamptz;
begin
	if p.cancelled or p.ended is not null or p.started is null and begun > clock then
		fault := 'slot.state';
		return;
	end if;
	select min(o.started) into next from published o
	where o.room = p.room and o.conference = p.conference and o.slot <> p.slot and not o.cancelled and o.started >= begun
		and not o.during && p.during;
	over := least(coalesce(in_at, clock), next);
	begun := case when p.started is null then least(begun, over) else begun end;
	over := greatest(over, begun);
	update published o set started = begun, ended = over where o.slot = p.slot;
	evs := expect_room(p.conference, p.room);
	evs := talk_stop_told(p.conference, p.session, p.slot, p.room, over) || slot_events('slot.ended', p.slot) || evs;
end $$;

-- Presses come from people and their clocks: a minute ahead is now, anything else ahead or a day old is a mistake.
create or replace function slot_pressed(in_conference uuid, in_at timestamptz, out at timestamptz, out fault text)
language sql stable as $$
	select case when in_at > clock then null else in_at end,
		case when in_at > clock + interval '1 minute' or in_at < clock - interval '1 day' then 'bad_request' end
	from plenum_now(in_conference) as clock
$$;

create or replace function slot_start(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_slot uuid,
	in_at timestamptz)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held published := slot_lock(in_conference, in_slot);
	pressed record;
	done record;
begin
	if held.slot is null then
		return;
	end if;
	select * into pressed from slot_pressed(in_conference, in_at);
	select * into done from slot_begin(held, pressed.at) where pressed.fault is null;
	if coalesce(pressed.fault, done.fault) is not null then
		return query select null::text, coalesce(pressed.fault, done.fault), slot_shown(in_slot);
		return;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('slot', in_slot, 'started', iso(done.begun)), now_told(in_conference, done.evs)), null::text, null::json;
end $$;

create or replace function slot_end(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_slot uuid,
	in_at timestamptz)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held published := slot_lock(in_conference, in_slot);
	pressed record;
	done record;
begin
	if held.slot is null then
		return;
	end if;
	select * into pressed from slot_pressed(in_conference, in_at);
	select * into done from slot_finish(held, pressed.at) where pressed.fault is null;
	if coalesce(pressed.fault, done.fault) is not null then
		return query select null::text, coalesce(pressed.fault, done.fault), slot_shown(in_slot);
		return;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('slot', in_slot, 'ended', iso(done.over)), now_told(in_conference, done.evs)), null::text, null::json;
end $$;

-- More time, or less: never less than what has passed already.
create or replace function slot_add_time(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_slot uuid,
	in_seconds int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held published := slot_lock(in_conference, in_slot);
	evs ev[];
begin
	if held.slot is null then
		return;
	end if;
	if held.cancelled or held.ended is not null then
		return query select null::text, 'slot.state', slot_shown(in_slot);
		return;
	end if;
	held.added := held.added + in_seconds;
	if in_seconds < 0 and greatest(upper(held.during), held.started + (upper(held.during) - lower(held.during)))
		+ make_interval(secs => held.added) <= greatest(held.started, lower(held.during), plenum_now(in_conference))
	then
		return query select null::text, 'slot.length', slot_shown(in_slot);
		return;
	end if;
	update published p set added = held.added where p.slot = in_slot;
	evs := expect_room(in_conference, held.room);
	-- Also when an anchor cuts it off and nothing else shows.
	if not exists (select from unnest(evs) e, json_array_elements(e.data -> 'slots') s
		where e.type = 'expected.changed' and s ->> 'slot' = in_slot::text)
	then
		evs := slot_events('slot.changed', in_slot) || evs;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('slot', in_slot, 'added', held.added), evs), null::text, null::json;
end $$;

-- "We are on time": what the plan says is over is over, what it says is on is on, what it says comes has not begun. in_at: when it was
-- said; what was pressed after that stays.
drop function if exists slot_on_time(uuid, uuid, uuid, bytea, uuid);
create or replace function slot_on_time(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_room uuid, in_at timestamptz)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	pressed record := slot_pressed(in_conference, in_at);
	clock timestamptz := coalesce(pressed.at, plenum_now(in_conference));
	put uuid[];
	evs ev[] := '{}';
begin
	if pressed.fault is not null then
		return query select null::text, pressed.fault, null::json;
		return;
	end if;
	perform from room where id = in_room and conference = in_conference for no key update;
	if not found then
		return;
	end if;
	with wanted as (
		select p.slot, case when upper(p.during) <= clock then least(p.started, upper(p.during))
				when lower(p.during) <= clock then case when p.ended is null then lower(p.during) else p.started end
				when p.ended is not null then p.started end as started,
			case when upper(p.during) <= clock then case when p.started is not null then greatest(least(p.ended, upper(p.during)), least(p.started, upper(p.during))) end
				else p.ended end as ended,
			case when p.ended is null then 0 else p.added end as added
		from published p
		where p.conference = in_conference and p.room = in_room and not p.cancelled
			and greatest(upper(p.during), p.started) > clock - interval '12 hours'
			and coalesce(greatest(p.started, p.ended) <= clock, true)
	), changed as (
		update published p set started = w.started, ended = w.ended, added = w.added
		from wanted w
		where p.slot = w.slot and (p.started, p.ended, p.added) is distinct from (w.started, w.ended, w.added)
		returning p.slot
	)
	select coalesce(array_agg(c.slot), '{}') into put from changed c;
	evs := expect_room(in_conference, in_room);
	evs := coalesce((select array_agg(e order by x.started, x.slot, e.channel) from (
			select p.slot, p.started, case when p.ended is not null then 'slot.ended' when p.started is not null then 'slot.started'
				else 'slot.changed' end as type
			from published p where p.slot = any (put)) x, unnest(slot_events(x.type, x.slot)) e), '{}')
		|| evs;
	if cardinality(put) > 0 then
		evs := now_told(in_conference, evs);
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('room', in_room, 'slots', cardinality(put)), evs), null::text, null::json;
end $$;

-- The expected times of what is still to come in the room go into the draft. Not what an organiser has changed there meanwhile.
create or replace function slot_delay_draft(in_conference uuid, in_room uuid) returns setof slot
language plpgsql as $$
begin
	update published p set added = 0
	from expected x
	where p.conference = in_conference and p.room = in_room and x.slot = p.slot and p.added <> 0 and p.started is null
		and not x.assumed and x.starts >= plenum_now(in_conference);
	return query update slot l set starts = x.starts, ends = x.ends, version = l.version + 1
		from published p join expected x on x.slot = p.slot
		where p.conference = in_conference and p.room = in_room and l.id = p.slot and not l.cancelled and not p.cancelled
			and l.room = p.room and tstzrange(l.starts, l.ends) = p.during and p.started is null and not x.assumed
			and x.starts >= plenum_now(in_conference) and tstzrange(x.starts, x.ends) <> p.during
		returning l.*;
end $$;

-- The overlay becomes the plan: draft and a release of just these slots, or nothing at all. What an anchor leaves no time for cannot be
-- planned: slot.overlap, with the alarm.
create or replace function slot_apply_delay(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_room uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	evs ev[];
	moved slot[];
	made record;
	refused text;
	why json;
begin
	-- In the order of a release: first its conference, then rooms.
	perform from conference where id = in_conference for no key update;
	perform from room where id = in_room and conference = in_conference for no key update;
	if not found then
		return;
	end if;
	begin
		evs := expect_room(in_conference, in_room);
		if exists (select from expected x join published p on p.slot = x.slot where x.room = in_room and x.starts = x.ends
			and p.started is null)
		then
			refused := 'slot.overlap';
			why := (select l.alarm from room_run l where l.room = in_room);
			raise exception using errcode = 'PL002';
		end if;
		select coalesce(array_agg(l), '{}') into moved from slot_delay_draft(in_conference, in_room) l;
		if cardinality(moved) = 0 then
			refused := 'release.nothing';
			raise exception using errcode = 'PL002';
		end if;
		select * into made from release_apply(in_conference, in_actor, 'Delay: ' || release_room_name(in_conference, in_room),
			array(select (m).id from unnest(moved) m), false);
		if made.fault is not null then
			refused := made.fault;
			why := made.current;
			raise exception using errcode = 'PL002';
		end if;
		evs := evs || array(select draft_ev('slot.moved', slot_draft(m)) from unnest(moved) m) || made.evs;
		reply := write_done(in_conference, in_actor, in_key, in_hash,
			release_reply(made.number, made.changes, made.people), evs);
	exception when sqlstate 'PL002' then
		null;
	end;
	return query select reply, refused, why;
end $$;

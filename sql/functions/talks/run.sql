-- A talk begins and ends: its slot with it, and everybody is told.

create or replace function talk_events(in_type text, in_talk uuid, in_session uuid, in_slot uuid, in_room uuid, at timestamptz)
returns ev[]
language sql stable as $$
	select array[row('schedule', in_type, d)::ev, row('talk:' || in_talk, in_type, d)::ev,
		row('stage:' || in_room, in_type, d)::ev]
		|| array(select row('chair:' || in_session, in_type, d)::ev
			where exists (select from station s where s.session = in_session and s.kind = 'chair' and s.revoked is null))
	from (select json_build_object('talk', in_talk, 'session', in_session, 'slot', in_slot, 'at', iso(at)) as d) x
$$;

-- The slot has ended: so have the talks of its session that were under way.
create or replace function talk_stop(in_conference uuid, in_session uuid, in_slot uuid, in_room uuid, in_at timestamptz)
returns ev[]
language sql as $$
	with over as (
		update talk t set ended = greatest(t.started, in_at)
		where t.conference = in_conference and t.session = in_session and t.started is not null and t.ended is null
		returning t.id, t.ord, t.ended
	)
	select coalesce(array_agg(e order by o.ord), '{}')
	from over o, unnest(talk_events('talk.ended', o.id, in_session, in_slot, in_room, o.ended)) e
$$;

-- The same, and the session's board with it: it is read when the talks have ended.
create or replace function talk_stop_told(in_conference uuid, in_session uuid, in_slot uuid, in_room uuid, in_at timestamptz)
returns ev[]
language plpgsql as $$
declare
	evs ev[] := talk_stop(in_conference, in_session, in_slot, in_room, in_at);
begin
	return case when cardinality(evs) > 0 then board_told(in_conference, in_session, evs) else evs end;
end $$;

-- The session's talks are locked in their order, so that two moderators cannot run two of them at once. Before them its room: the
-- slot that begins there ends another one and its talks.
create or replace function talk_lock(in_conference uuid, in_talk uuid) returns talk
language plpgsql as $$
declare
	held talk;
begin
	perform slot_lock(in_conference, s.slot) from talk t, talk_slot(in_conference, t.session, plenum_now(in_conference)) s
	where t.conference = in_conference and t.id = in_talk;
	perform from talk t
	where t.conference = in_conference
		and t.session = (select x.session from talk x where x.id = in_talk and x.conference = in_conference)
	order by t.ord for update;
	select * into held from talk t where t.id = in_talk and t.conference = in_conference;
	return held;
end $$;

-- Where the session is held: of several slots, the one that runs or the nearest.
create or replace function talk_slot(in_conference uuid, in_session uuid, in_at timestamptz)
returns table (slot uuid, room uuid)
language sql stable as $$
	select p.slot, p.room from published p
	where p.conference = in_conference and p.session = in_session and not p.cancelled
	order by (p.started is not null and p.ended is null) desc, abs(extract(epoch from lower(p.during) - in_at)), p.slot
	limit 1
$$;

-- What is on names the talk: told last, once, as it is now.
create or replace function talk_told(in_conference uuid, evs ev[]) returns ev[]
language sql stable as $$
	select array(select e from unnest(evs) with ordinality as u(channel, type, data, n), lateral (select (u.channel, u.type, u.data)::ev as e) x
		where u.type <> 'now.changed' order by u.n) || now_changed(in_conference)
$$;

create or replace function talk_start(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_talk uuid,
	in_at timestamptz)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held talk := talk_lock(in_conference, in_talk);
	instant timestamptz := coalesce(in_at, plenum_now(in_conference));
	place record;
	before record;
	runs record;
	evs ev[] := '{}';
begin
	if held.id is null then
		return;
	end if;
	if not qa_may(in_conference, in_actor, held.session) then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	select * into place from talk_slot(in_conference, held.session, instant);
	if held.started is not null or held.no_show is not null or place.slot is null then
		return query select null::text, 'talk.state', json_build_object('talk', held.id, 'started', iso(held.started),
			'ended', iso(held.ended), 'slot', place.slot);
		return;
	end if;
	for before in
		update talk t set ended = greatest(t.started, instant)
		where t.conference = in_conference and t.session = held.session and t.started is not null and t.ended is null
		returning t.id, t.ended
	loop
		evs := evs || talk_events('talk.ended', before.id, held.session, place.slot, place.room, before.ended);
	end loop;
	-- The slot first, so that what ends with another slot is not this talk. Also when it was ended by mistake and the session goes
	-- on; a fault says only that it runs already, or that another has begun there since.
	select * into runs from slot_begin(slot_lock(in_conference, place.slot), in_at);
	update talk t set started = instant where t.id = in_talk and t.conference = in_conference;
	evs := evs || coalesce(runs.evs, '{}') || talk_events('talk.started', in_talk, held.session, place.slot, place.room, instant)
		|| expect_room(in_conference, place.room);
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('talk', in_talk, 'started', iso(instant)),
		board_told(in_conference, held.session, talk_told(in_conference, evs))), null::text, null::json;
end $$;

create or replace function talk_end(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_talk uuid,
	in_at timestamptz)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held talk := talk_lock(in_conference, in_talk);
	instant timestamptz := coalesce(in_at, plenum_now(in_conference));
	place record;
	runs record;
	evs ev[];
begin
	if held.id is null then
		return;
	end if;
	if not qa_may(in_conference, in_actor, held.session) then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	select * into place from talk_slot(in_conference, held.session, instant);
	if held.started is null or held.ended is not null or place.slot is null then
		return query select null::text, 'talk.state', json_build_object('talk', held.id, 'started', iso(held.started),
			'ended', iso(held.ended), 'slot', place.slot);
		return;
	end if;
	instant := greatest(instant, held.started);
	update talk t set ended = instant where t.id = in_talk and t.conference = in_conference;
	evs := talk_events('talk.ended', in_talk, held.session, place.slot, place.room, instant);
	if not exists (select from talk t where t.session = held.session and t.ord > held.ord and t.ended is null and t.no_show is null) then
		select * into runs from slot_finish(slot_lock(in_conference, place.slot), instant);
		evs := evs || coalesce(runs.evs, '{}');
	else
		evs := evs || expect_room(in_conference, place.room);
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('talk', in_talk, 'ended', iso(instant)),
		board_told(in_conference, held.session, talk_told(in_conference, evs))), null::text, null::json;
end $$;

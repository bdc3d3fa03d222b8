-- What a chair presses beside start and end: ready, no-show, more time, an interposed question, another order.

-- Who may: those who run the session, and who speaks may say to be ready. Null: no such talk.
create or replace function talk_refusal(in_conference uuid, in_actor uuid, held talk, speakers boolean) returns text
language sql stable as $$
	select case when held.id is null then 'not_found'
		when not qa_may(in_conference, in_actor, held.session) and not (speakers and exists (select from talk_speaker ts
			join speaker s on s.id = ts.speaker where ts.talk = held.id and s.person = in_actor)) then 'denied' end
$$;

create or replace function talk_ready(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_talk uuid, in_value boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held talk := talk_lock(in_conference, in_talk);
	refused text := talk_refusal(in_conference, in_actor, held, true);
begin
	if refused = 'not_found' then
		return;
	elsif refused is null and (held.started is not null or held.no_show is not null) then
		refused := 'talk.state';
	end if;
	if refused is not null then
		return query select null::text, refused, board_talk(in_conference, in_talk);
		return;
	end if;
	update talk t set ready = case when in_value then coalesce(t.ready, plenum_now(in_conference)) end
	where t.conference = in_conference and t.id = in_talk;
	return query select board_done(in_conference, in_actor, in_key, in_hash, held.session,
		json_build_object('talk', in_talk, 'ready', in_value, 'noop', (held.ready is not null) = in_value), '{}'), null::text, null::json;
end $$;

-- Passed over, or there after all. Whose place somebody has taken stays away.
create or replace function talk_no_show(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_talk uuid, in_value boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held talk := talk_lock(in_conference, in_talk);
	refused text := talk_refusal(in_conference, in_actor, held, false);
begin
	if refused = 'not_found' then
		return;
	elsif refused is null and (held.started is not null or not in_value and exists (select from talk o where o.stands_for = in_talk)) then
		refused := 'talk.state';
	end if;
	if refused is not null then
		return query select null::text, refused, board_talk(in_conference, in_talk);
		return;
	end if;
	update talk t set no_show = case when in_value then coalesce(t.no_show, plenum_now(in_conference)) end,
		ready = case when not in_value then t.ready end
	where t.conference = in_conference and t.id = in_talk;
	return query select board_done(in_conference, in_actor, in_key, in_hash, held.session,
		json_build_object('talk', in_talk, 'no_show', in_value, 'noop', (held.no_show is not null) = in_value),
		case when (held.no_show is not null) <> in_value then no_show_events(in_conference, in_talk, held.session, in_value) else '{}' end),
		null::text, null::json;
end $$;

create or replace function no_show_events(in_conference uuid, in_talk uuid, in_session uuid, in_value boolean) returns ev[]
language sql stable as $$
	select array[row('schedule', 'talk.no_show', d)::ev, row('talk:' || in_talk, 'talk.no_show', d)::ev]
		|| window_events(in_conference, array[in_talk])
	from (select json_build_object('talk', in_talk, 'session', in_session, 'no_show', in_value) as d) x
$$;

-- More time, or less: never less than has passed. in_expect: what the one who presses saw, so that two who press at once add once.
create or replace function talk_add_time(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_talk uuid, in_seconds int,
	in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held talk := talk_lock(in_conference, in_talk);
	refused text := talk_refusal(in_conference, in_actor, held, false);
	clock timestamptz := plenum_now(in_conference);
begin
	if refused = 'not_found' then
		return;
	elsif refused is null then
		refused := case when held.ended is not null or held.no_show is not null then 'talk.state'
			when in_expect <> held.added then 'conflict'
			when abs(held.added + in_seconds) >= 86400 or in_seconds < 0 and exists (
				select from board_times(in_conference, held.session, clock) x where x.talk = in_talk
					and x.allotted + held.added + in_seconds < case when held.started is null then 30
						else extract(epoch from clock - held.started) - talk_halt(held, clock) end) then 'talk.length' end;
	end if;
	if refused is not null then
		return query select null::text, refused, board_talk(in_conference, in_talk);
		return;
	end if;
	update talk t set added = t.added + in_seconds where t.conference = in_conference and t.id = in_talk;
	return query select board_done(in_conference, in_actor, in_key, in_hash, held.session,
		json_build_object('talk', in_talk, 'added_s', held.added + in_seconds), '{}'), null::text, null::json;
end $$;

-- A time of its own, or null: its share of the slot again.
create or replace function talk_allot(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_talk uuid, in_seconds int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held talk := talk_lock(in_conference, in_talk);
	refused text := talk_refusal(in_conference, in_actor, held, false);
begin
	if refused = 'not_found' then
		return;
	elsif refused is null and held.ended is not null then
		refused := 'talk.state';
	end if;
	if refused is not null then
		return query select null::text, refused, board_talk(in_conference, in_talk);
		return;
	end if;
	update talk t set allotted = in_seconds where t.conference = in_conference and t.id = in_talk;
	return query select board_done(in_conference, in_actor, in_key, in_hash, held.session, (
		select json_build_object('talk', x.talk, 'allotted_s', x.allotted)
		from board_times(in_conference, held.session, plenum_now(in_conference)) x where x.talk = in_talk
		union all select json_build_object('talk', in_talk, 'allotted_s', in_seconds) limit 1), '{}'), null::text, null::json;
end $$;

-- An interposed question holds up who speaks, and it is over. Pressed twice it is one; at: when it was pressed.
create or replace function talk_halt_set(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_talk uuid, in_halt boolean,
	in_at timestamptz)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held talk := talk_lock(in_conference, in_talk);
	refused text := talk_refusal(in_conference, in_actor, held, false);
	pressed record;
	instant timestamptz;
	noop boolean := (held.halted is not null) = in_halt;
	data json;
begin
	if refused = 'not_found' then
		return;
	end if;
	select * into pressed from slot_pressed(in_conference, in_at);
	refused := coalesce(refused, pressed.fault,
		case when held.started is null or held.ended is not null then 'talk.state' end);
	if refused is not null then
		return query select null::text, refused, board_talk(in_conference, in_talk);
		return;
	end if;
	instant := greatest(coalesce(pressed.at, plenum_now(in_conference)), held.started, held.halted);
	update talk t set halted = case when in_halt then instant end,
		halted_s = case when in_halt then t.halted_s else talk_halt(t, instant) end
	where t.conference = in_conference and t.id = in_talk and not noop
	returning * into held;
	data := json_build_object('talk', in_talk, 'session', held.session, 'at', iso(instant));
	return query select board_done(in_conference, in_actor, in_key, in_hash,
		coalesce(held.session, (select t.session from talk t where t.id = in_talk)),
		json_build_object('talk', in_talk, 'paused', in_halt, 'noop', noop),
		case when not noop then array[row('talk:' || in_talk, case when in_halt then 'talk.paused' else 'talk.resumed' end, data)::ev]
			|| now_changed(in_conference) else '{}' end), null::text, null::json;
end $$;

-- Ended while held up: what the question took is counted to the end.
create or replace function talk_fold() returns trigger
language plpgsql as $$
begin
	if new.ended is not null and new.halted is not null then
		new.halted_s := talk_halt(new, new.ended);
		new.halted := null;
	end if;
	return new;
end $$;

create or replace trigger talk_fold before update of ended on talk for each row execute function talk_fold();

-- A list of ids; null when it is none.
create or replace function board_ids(list json) returns uuid[]
language plpgsql immutable as $$
begin
	return case when list is not null then array(select x::uuid from json_array_elements_text(list) with ordinality as u(x, i) order by i) end;
exception when others then
	return null;
end $$;

-- Those that wait, in another order. in_talks are all of them; what has begun or did not come stays where it is. in_was: the order that
-- the one who presses saw.
create or replace function talk_order(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_session uuid, in_talks uuid[],
	in_was uuid[])
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	first uuid := (select t.id from talk t where t.conference = in_conference and t.session = in_session order by t.ord limit 1);
	waits uuid[];
	places int[];
	refused text;
begin
	perform talk_lock(in_conference, first);
	select coalesce(array_agg(t.id order by t.ord), '{}'), coalesce(array_agg(t.ord order by t.ord), '{}') into waits, places
	from talk t where t.conference = in_conference and t.session = in_session and t.started is null and t.no_show is null;
	refused := case when first is null then 'not_found' when in_talks is null then 'bad_request' when not qa_may(in_conference, in_actor, in_session) then 'denied'
		when in_was is not null and in_was <> waits or array(select unnest(in_talks) order by 1) <> array(select unnest(waits) order by 1)
		then 'conflict' end;
	if refused = 'not_found' then
		return;
	elsif refused is not null then
		return query select null::text, refused, case when refused = 'conflict' then json_build_object('talks', to_json(waits)) end;
		return;
	end if;
	update talk t set ord = places[u.i] from unnest(in_talks) with ordinality as u(id, i)
	where t.conference = in_conference and t.id = u.id;
	return query select board_done(in_conference, in_actor, in_key, in_hash, in_session,
		json_build_object('session', in_session, 'talks', to_json(in_talks), 'noop', in_talks = waits),
		case when in_talks <> waits then board_publish(in_conference, in_session, null) else '{}' end), null::text, null::json;
end $$;

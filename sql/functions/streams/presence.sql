-- Who is watching: counts for everybody, intervals for those who agreed.

-- Which words people agree to: presence.notice in the pages' catalogues. Raised with each change of their meaning.
create or replace function presence_notice() returns int
language sql immutable as $$
	select 1
$$;

-- What is on in a room: the talk that runs there, else the first of the session that is on and not over.
create or replace function presence_place(in_conference uuid, in_room uuid) returns table (session uuid, talk uuid)
language sql stable rows 1 as $$
	select p.session, t.id
	from published p join talk t on t.session = p.session, plenum_now(in_conference) as at
	where p.conference = in_conference and p.room = in_room and not p.cancelled and p.ended is null and t.ended is null and t.no_show is null
		and (p.started is not null or p.during @> at)
	order by t.started is null, t.started desc, p.started desc nulls last, lower(p.during) desc, t.ord
	limit 1
$$;

-- Moves counts by differences. in_names and in_keys name the rows; those that do not move are left out.
create or replace function tally_add(in_conference uuid, in_names text[], in_keys text[], in_values bigint[]) returns void
language plpgsql as $$
begin
	insert into channel (conference, name)
	select distinct in_conference, n.name from unnest(in_names, in_values) n(name, value)
	where n.value <> 0 and not exists (select from channel c where c.conference = in_conference and c.name = n.name)
	order by 2
	on conflict on constraint channel_once do nothing;
	insert into tally as t (channel, key, value, xid)
	select c.id, n.key, n.value, pg_current_xact_id()
	from unnest(in_names, in_keys, in_values) n(name, key, value)
		join channel c on c.conference = in_conference and c.name = n.name
	where n.value <> 0
	order by 1, 2
	on conflict on constraint tally_once do update set value = t.value + excluded.value, xid = excluded.xid;
end $$;

-- The work that clears a room of those who fell silent. Its row is locked before any player, as the work itself does; one that is
-- missing although somebody is there is made again with the next report.
create or replace function player_watch(in_conference uuid, in_rooms uuid[], in_people uuid[]) returns void
language sql as $$
	insert into due (conference, kind, subject, at)
	select distinct in_conference, 'presence', x.room::text, now() + interval '75 seconds'
	from unnest(in_rooms, in_people) x(room, person)
	where not exists (select from player p where p.room = x.room and p.person = x.person)
		or not exists (select from due d where d.conference = in_conference and d.kind = 'presence' and d.subject = x.room::text)
	order by 3
	on conflict on constraint due_once do update set at = due.at
$$;

-- One report each, in arrays of one length: what is counted moves by the difference to the report before.
create or replace function player_report(in_conference uuid, in_people uuid[], in_rooms uuid[], in_states text[], in_streams uuid[])
returns void
language plpgsql as $$
declare
	names text[];
	keys text[];
	differences bigint[];
begin
	perform player_watch(in_conference, in_rooms, in_people);
	with last as materialized (
		select distinct on (x.room, x.person) x.*
		from unnest(in_people, in_rooms, in_states, in_streams) with ordinality as x(person, room, state, stream, ord)
		order by x.room, x.person, x.ord desc
	), kept as (
		insert into player as p (conference, room, person, state, stream, seen)
		select in_conference, l.room, l.person, l.state, l.stream, now() from last l where l.state <> 'left'
		order by l.room, l.person
		on conflict on constraint player_once do update set previous = p.state, previous_seen = p.seen,
			state = excluded.state, stream = excluded.stream, seen = excluded.seen
		returning p.room, p.person, p.state, p.previous, p.previous_seen
	), gone as (
		delete from player p using last l
		where l.state = 'left' and p.room = l.room and p.person = l.person
		returning p.room, p.person, p.state as previous, p.seen as previous_seen
	), moves as materialized (
		select room, person, state, previous, previous_seen from kept
		union all
		select room, person, 'left', previous, previous_seen from gone
	), noted as (
		select presence_note(in_conference, array_agg(m.room), array_agg(m.person), array_agg(m.state),
			array_agg(case when m.previous_seen > now() - interval '75 seconds' then m.previous end))
		from moves m
	), sums as (
		select m.room, sum((m.state <> 'left')::int - (m.previous is not null)::int) as joined,
			sum((m.state = 'playing')::int - (m.previous is not distinct from 'playing')::int) as playing,
			sum((m.state = 'stalled')::int - (m.previous is not distinct from 'stalled')::int) as stalled
		from moves m group by m.room
	)
	select array_agg(d.name), array_agg(d.key), array_agg(d.value) into names, keys, differences
	from sums s cross join noted cross join lateral (values ('room:' || s.room, 'joined', s.joined),
		('room:' || s.room || ':mod', 'joined', s.joined), ('room:' || s.room || ':mod', 'playing', s.playing),
		('room:' || s.room || ':mod', 'stalled', s.stalled)) d(name, key, value);
	perform tally_add(in_conference, names, keys, differences);
end $$;

-- Intervals of those who agreed. One goes on while the reports before and after it say the same; in_before is null where there was none,
-- or too long ago.
create or replace function presence_note(in_conference uuid, in_rooms uuid[], in_people uuid[], in_states text[], in_before text[])
returns void
language plpgsql as $$
declare
	at timestamptz := plenum_now(in_conference);
begin
	with told as materialized (
		select m.person, m.room, w.session, w.talk, k.kind, k.holds, k.held, c.notice
		from unnest(in_people, in_rooms, in_states, in_before) m(person, room, state, before)
			join presence_consent c on c.person = m.person and c.given
			cross join lateral presence_place(in_conference, m.room) w
			cross join lateral (values ('joined', m.state <> 'left', m.before is not null),
				('playing', m.state = 'playing', m.before is not distinct from 'playing')) k(kind, holds, held)
	), extended as (
		update presence p set until = greatest(p.until, at)
		from told t
		where t.held and p.person = t.person and p.talk = t.talk and p.kind = t.kind
			and p.until >= at - interval '75 seconds'
			and p.since = (select max(x.since) from presence x
				where x.person = t.person and x.talk = t.talk and x.kind = t.kind)
		returning p.person, p.talk, p.kind
	)
	insert into presence (conference, person, talk, session, room, kind, since, until, notice)
	select in_conference, t.person, t.talk, t.session, t.room, t.kind, at, at, t.notice
	from told t
	where t.holds and not exists (select from extended e
		where e.person = t.person and e.talk = t.talk and e.kind = t.kind)
	on conflict on constraint presence_once do nothing;
end $$;

-- Who has been silent for 75 s has left, without having said so.
create or replace function due_presence(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	gone record;
begin
	with silent as (
		select p.room, p.person from player p
		where p.room = in_subject::uuid and p.seen < now() - interval '75 seconds'
		order by p.room, p.person for update
	), deleted as (
		delete from player p using silent s where p.room = s.room and p.person = s.person returning p.state
	)
	select count(*) as joined, count(*) filter (where state = 'playing') as playing,
		count(*) filter (where state = 'stalled') as stalled into gone from deleted;
	perform tally_add(in_conference,
		array['room:' || in_subject, 'room:' || in_subject || ':mod', 'room:' || in_subject || ':mod', 'room:' || in_subject || ':mod'],
		'{joined,joined,playing,stalled}', array[-gone.joined, -gone.joined, -gone.playing, -gone.stalled]);
	insert into due (conference, kind, subject, at)
	select in_conference, 'presence', in_subject, min(p.seen) + interval '76 seconds' from player p
	where p.room = in_subject::uuid having count(*) > 0
	on conflict on constraint due_once do nothing;
end $$;

create or replace function presence_agree(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_given boolean, in_notice int)
returns table (reply text, fault text, current json)
language plpgsql as $$
begin
	if in_actor is null then
		return;
	end if;
	-- Zero: the page did not say which words it showed.
	if in_notice <> 0 and in_notice <> presence_notice() then
		return query select null::text, 'conflict', json_build_object('notice', presence_notice());
		return;
	end if;
	insert into presence_consent (person, conference, given, notice)
	values (in_actor, in_conference, in_given, presence_notice())
	on conflict on constraint presence_consent_once do update set given = excluded.given, notice = excluded.notice, at = now();
	if not in_given then
		delete from presence p where p.person = in_actor and p.conference = in_conference;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('consent', in_given, 'notice', presence_notice()), '{}'::ev[]), null::text, null::json;
end $$;

-- Who hears of a change that concerns them: in the page when a release has been held for a minute, by mail when it has calmed down
-- (docs/decisions/0020-notices.md). Real time throughout; what people read is the conference's.

-- One piece of news as its owner sees it.
create or replace function news_json(n news) returns json
language sql stable as $$
	select json_build_object('id', n.id, 'kind', n.kind, 'slot', n.slot, 'session', n.session, 'title', n.title,
		'before', n.before, 'after', n.after, 'at', iso(n.at), 'read', n.read is not null)
$$;

-- Whom a session concerns: who starred it, who speaks in it and who leads it, as long as they have part in the conference. in_by: who starred it later
-- than that has seen it as it is.
create or replace function news_hearers(in_conference uuid, in_session uuid, in_by timestamptz default 'infinity')
returns table (person uuid)
language sql stable as $$
	select x.person from (
		select s.person from star s where s.session = in_session and s.conference = in_conference and s.at <= in_by
		union
		select p.person from talk t join talk_speaker ts on ts.talk = t.id join speaker p on p.id = ts.speaker
		where t.session = in_session and t.conference = in_conference and p.person is not null
		union
		select m.person from moderator_scope m where m.session = in_session and m.conference = in_conference
	) x where not people_roles(in_conference, x.person) <@ '{applicant}'
$$;

-- The same question for one person, without looking at all the others.
create or replace function news_concerns(in_conference uuid, in_person uuid, in_session uuid) returns boolean
language sql stable as $$
	select not people_roles(in_conference, in_person) <@ '{applicant}' and (
		exists (select from star where person = in_person and session = in_session)
		or exists (select from talk t join talk_speaker ts on ts.talk = t.id join speaker p on p.id = ts.speaker
			where t.session = in_session and p.person = in_person)
		or exists (select from moderator_scope m where m.conference = in_conference and m.session = in_session and m.person = in_person))
$$;

-- What of one side of a release's difference is news; null: not in the programme.
create or replace function news_state(side jsonb) returns jsonb
language sql immutable as $$
	select case when side <> 'null' then jsonb_build_object('session', side -> 'session', 'room', side -> 'room',
		'room_name', side -> 'room_name', 'start', side -> 'start', 'end', side -> 'end', 'state', side -> 'state',
		'title', side -> 'title', 'speakers', side -> 'speakers') end
$$;

-- The same state as the slot stands now: a quiet release may have moved it since, and nobody is told what holds no more.
create or replace function news_now(in_slot uuid, state jsonb) returns jsonb
language sql stable as $$
	select case when x.slot is null or x.cancelled and state is null then null
		else state || jsonb_build_object('room', x.room, 'room_name', coalesce(x.content ->> 'room', state ->> 'room_name'),
			'start', iso(lower(x.during)), 'end', iso(upper(x.during)),
			'state', case when x.cancelled then 'cancelled' else 'planned' end) end
	from (values (in_slot)) v(id) left join published x on x.slot = v.id
$$;

create or replace function news_gone(state jsonb) returns boolean
language sql immutable as $$
	select state is null or coalesce(state ->> 'state', '') = 'cancelled'
$$;

create or replace function news_same(a jsonb, b jsonb) returns boolean
language sql immutable as $$
	select a is not distinct from b or news_gone(a) and news_gone(b)
$$;

create or replace function news_kind(before jsonb, after jsonb) returns text
language sql immutable as $$
	select case when news_gone(after) then 'cancelled' when news_gone(before) then 'changed'
		when (before -> 'start', before -> 'end') is distinct from (after -> 'start', after -> 'end') then 'moved'
		when before -> 'room' is distinct from after -> 'room' then 'room' else 'changed' end
$$;

-- Worth a mail: it does not take place, or does again, is elsewhere, or begins a quarter of an hour or more earlier or later.
create or replace function news_worth_mail(heard jsonb, after jsonb) returns boolean
language sql immutable as $$
	select not news_same(heard, after) and (news_gone(heard) or news_gone(after) or heard -> 'room' is distinct from after -> 'room'
		or abs(extract(epoch from (after ->> 'start')::timestamptz - (heard ->> 'start')::timestamptz)) >= 900)
$$;

-- Puts one slot's news before everybody it concerns and says what to tell. What they have not read yet is replaced; what was taken back
-- before they read it is cleared.
create or replace function news_tell(in_conference uuid, in_slot uuid, in_expected boolean, in_session uuid, in_title text,
	in_before jsonb, in_after jsonb, in_by timestamptz) returns ev[]
language plpgsql as $$
declare
	evs ev[];
begin
	with hearers as materialized (
		select h.person, u.id as unread, case when u.id is not null then u.before else in_before end as before
		from news_hearers(in_conference, in_session, in_by) h
		left join news u on u.person = h.person and u.slot = in_slot and (u.kind = 'expected') = in_expected and u.read is null
	), cleared as (
		delete from news n using hearers h where n.id = h.unread and news_same(h.before, in_after)
		returning n.id, n.person
	), told as (
		insert into news as n (conference, person, slot, kind, session, title, before, after, at)
		select in_conference, h.person, in_slot, case when in_expected then 'expected' else news_kind(h.before, in_after) end,
			in_session, in_title, h.before, in_after, plenum_now(in_conference)
		from hearers h where not news_same(h.before, in_after)
		order by h.person
		on conflict (person, slot, (kind = 'expected')) where read is null do update set id = gen_random_uuid(),
			kind = excluded.kind, title = excluded.title, before = excluded.before, after = excluded.after, at = excluded.at
		returning n
	)
	select array_agg(row('person:' || x.person, x.type, x.data)::ev) into evs from (
		select h.person, 'news.added' as type, case when h.unread is null then news_json(t.n)
			else (left(news_json(t.n)::text, -1) || ',"replaces":"' || h.unread || '"}')::json end as data
		from told t join hearers h on h.person = (t.n).person
		union all
		select c.person, 'news.read', json_build_object('id', c.id) from cleared c
	) x;
	return coalesce(evs, '{}');
end $$;

-- What was expected of a slot before its plan moved says nothing any more.
create or replace function news_outdated(in_conference uuid, in_slot uuid, in_by timestamptz) returns ev[]
language sql as $$
	with cleared as (
		delete from news n using conference c
		where n.slot = in_slot and n.kind = 'expected' and n.read is null and c.id = in_conference and n.at < in_by + c.clock_offset
		returning n.id, n.person
	)
	select coalesce(array_agg(row('person:' || person, 'news.read', json_build_object('id', id))::ev), '{}') from cleared
$$;

-- At the end of a release that is not quiet. Nothing leaves for a minute. How many people it will reach.
create or replace function news_release(in_conference uuid, in_release int) returns int
language plpgsql as $$
declare
	people int;
begin
	insert into news_held as h (slot, conference, release, before, after, first_at, changed_at)
	select l.id, in_conference, in_release, news_state(d -> 'before'), news_state(d -> 'after'), now(), now()
	from release r cross join lateral jsonb_array_elements(r.diff) d join slot l on l.id = (d ->> 'slot')::uuid
	where r.conference = in_conference and r.number = in_release
	order by l.id
	on conflict on constraint news_held_once do update set release = excluded.release, after = excluded.after,
		first_at = case when h.release is null then excluded.first_at else h.first_at end, changed_at = excluded.changed_at;
	people := news_release_count(in_conference, in_release);
	if people > 0 then
		insert into due (conference, kind, subject, at)
		values (in_conference, 'news_release', in_release::text, now() + interval '60 seconds')
		on conflict on constraint due_once do update set at = excluded.at;
	else
		delete from news_held where conference = in_conference and release = in_release;
	end if;
	return people;
end $$;

-- Whom the held changes of a release will reach.
create or replace function news_release_count(in_conference uuid, in_release int) returns int
language sql stable as $$
	select count(distinct p.person)::int
	from news_held h cross join lateral news_hearers(in_conference, (coalesce(h.after, h.before) ->> 'session')::uuid, h.changed_at) p
	where h.conference = in_conference and h.release = in_release and not news_same(h.before, h.after)
$$;

-- The same of a difference that is not released yet.
create or replace function news_release_people(in_conference uuid, in_diff jsonb) returns int
language sql stable as $$
	select count(distinct p.person)::int
	from (select (d ->> 'slot')::uuid as slot, news_state(d -> 'before') as before, news_state(d -> 'after') as after
		from jsonb_array_elements(coalesce(in_diff, '[]')) d) d
	left join news_held h on h.slot = d.slot
	cross join lateral news_hearers(in_conference, (coalesce(d.after, d.before) ->> 'session')::uuid) p
	where not news_same(case when h.slot is null then d.before else h.before end, d.after)
$$;

-- The organiser stops it: people spared, or null when it has left. What people know of those slots is kept: the next change is told
-- from there.
create or replace function news_release_stop(in_conference uuid, in_release int) returns int
language plpgsql as $$
declare
	people int;
begin
	delete from due where conference = in_conference and kind = 'news_release' and subject = in_release::text;
	if not found then
		return null;
	end if;
	people := news_release_count(in_conference, in_release);
	update news_held set release = null where conference = in_conference and release = in_release;
	return people;
end $$;

-- The minute is over: into the page now, and into the mail that waits. What a later release, still held, has touched again waits with it.
create or replace function due_news_release(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	changes news_held[];
	held news_held;
	people uuid[];
	evs ev[] := '{}';
begin
	with gone as (
		delete from news_held h where h.conference = in_conference and h.release = in_subject::int returning h
	)
	select coalesce(array_agg(x.h order by (x.h).slot) filter (where not news_same((x.h).before, (x.h).after)), '{}') into changes
	from (select row((h).slot, (h).conference, (h).release, (h).before, news_now((h).slot, coalesce((h).after, (h).before)),
		(h).first_at, (h).changed_at)::news_held as h from gone) x;
	people := array(select distinct p.person from unnest(changes) h
		cross join lateral news_hearers(in_conference, (coalesce(h.after, h.before) ->> 'session')::uuid, h.changed_at) p order by 1);
	perform news_mail_claim(in_conference, people);
	foreach held in array changes loop
		evs := evs || news_tell(in_conference, held.slot, false, (coalesce(held.after, held.before) ->> 'session')::uuid,
			coalesce(held.after, held.before) ->> 'title', held.before, held.after, held.changed_at);
		if held.before -> 'start' is distinct from held.after -> 'start' then
			evs := evs || news_outdated(in_conference, held.slot, held.changed_at);
		end if;
		perform news_mail_wait(in_conference, held);
	end loop;
	perform news_mail_due(in_conference, people);
	perform from channel_append(in_conference, evs);
end $$;

-- Live time: a start moved by five minutes or more since people were last told. Told by a job of its own, so that whoever starts a
-- talk does not wait until thousands know.
create or replace function news_expected(in_conference uuid, in_slot uuid, in_before timestamptz, in_after timestamptz)
returns ev[]
language plpgsql as $$
begin
	insert into news_drift as d (slot, conference, before, after) values (in_slot, in_conference, in_before, in_after)
	on conflict on constraint news_drift_once do update set after = excluded.after;
	insert into due (conference, kind, subject, at) values (in_conference, 'news_drift', in_slot::text, now())
	on conflict on constraint due_once do nothing;
	return '{}';
end $$;

create or replace function due_news_drift(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	drift news_drift;
	about record;
begin
	delete from news_drift d where d.slot = in_subject::uuid returning d.* into drift;
	if drift.slot is null or drift.before = drift.after then
		return;
	end if;
	select p.session, p.content ->> 'title' as title into about from published p where p.slot = drift.slot and not p.cancelled;
	if found then
		perform from channel_append(in_conference, news_tell(in_conference, drift.slot, true, about.session, about.title,
			jsonb_build_object('start', iso(drift.before)), jsonb_build_object('start', iso(drift.after)), 'infinity'));
	end if;
end $$;

-- Nobody moderating is a state: the oldest question has waited 90 s and no moderator has acted meanwhile. First those who look after the
-- session are told, a minute later all moderators, a minute later the organisers. All by the real clock.

-- Everybody who is told at a level. Where nobody is named for the session or its room and nobody has its desk open, those who look after
-- everything are its moderators.
create or replace function desk_audience(in_conference uuid, in_session uuid, in_level int) returns setof uuid
language sql stable as $$
	with own as (
		select g.person, moderator_scoped(in_conference, g.person, in_session)
			or exists (select from moderator_here h where h.session = in_session and h.person = g.person
				and h.seen > now() - interval '50 seconds') as named
		from role_grant g
		where g.conference = in_conference and g.role = 'moderator' and qa_may(in_conference, g.person, in_session)
	)
	select o.person from own o where in_level >= 1 and (o.named or not exists (select from own x where x.named))
	union
	select g.person from role_grant g where g.conference = in_conference and g.role = 'moderator' and in_level >= 2
	union
	select g.person from role_grant g where g.conference = in_conference and g.role = 'organiser' and in_level >= 3
$$;

create or replace function moderator_scoped(in_conference uuid, in_person uuid, in_session uuid) returns boolean
language sql stable as $$
	select exists (select from moderator_scope s
		where s.conference = in_conference and s.person = in_person and (s.session = in_session
			or s.room in (select p.room from published p where p.conference = in_conference and p.session = in_session and not p.cancelled)))
$$;

-- What waits: since it was asked, or was put back. Those of people who were muted without being told wait for nobody. acted: when somebody
-- last did something about the session's questions, other than its askers.
create or replace function desk_waiting(in_conference uuid, in_session uuid)
returns table (count int, oldest timestamptz, talk uuid, title text, acted timestamptz)
language sql stable as $$
	with waiting as (
		select q.talk, greatest(q.created, (select max(m.at) from mod_action m where m.question = q.id)) as since, q.id
		from question q join talk t on t.id = q.talk
		where q.conference = in_conference and t.session = in_session and q.state = 'pending' and not q.muted
	)
	select (select count(*)::int from waiting), w.since, w.talk, (select s.title from session s where s.id = in_session),
		(select max(m.at) from mod_action m join question q on q.id = m.question join talk t on t.id = q.talk
			where t.session = in_session and m.conference = in_conference and m.actor is not null
				and m.command not in ('withdraw', 'revise'))
	from (select 1) x left join lateral (select * from waiting order by since, id limit 1) w on true
$$;

create or replace function desk_waiting_shown(in_conference uuid, in_session uuid) returns json
language sql stable as $$
	select json_build_object('count', w.count, 'oldest_at', iso(w.oldest)) from desk_waiting(in_conference, in_session) w
$$;

-- When somebody is expected at the desk, in real time: from a quarter of an hour before the session begins until as long after it ends, and
-- as long as it runs. No row: it is not in the programme.
create or replace function desk_hours(in_conference uuid, in_session uuid) returns table (opens timestamptz, closes timestamptz)
language sql stable as $$
	select min(least(p.started, lower(p.during))) - interval '15 minutes' - c.clock_offset,
		max(case when p.started is not null and p.ended is null then 'infinity'
			else greatest(upper(p.during), x.latest, p.ended) + interval '15 minutes' - c.clock_offset end)
	from published p join conference c on c.id = p.conference left join expected x on x.slot = p.slot
	where p.conference = in_conference and p.session = in_session and not p.cancelled
	group by c.clock_offset
$$;

create or replace function due_unattended(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	held desk := desk_lock(in_conference, in_subject::uuid);
	w record;
	hours record;
	level int;
	data json;
	next timestamptz;
begin
	if held.session is null then
		return;
	end if;
	select * into w from desk_waiting(in_conference, held.session);
	select * into hours from desk_hours(in_conference, held.session);
	level := case when w.count > 0 and now() between hours.opens and hours.closes
		then greatest(0, least(3, 1 + floor(extract(epoch from now() - greatest(w.oldest, w.acted, hours.opens) - interval '90 seconds') / 60)))
		else 0 end;
	if level > held.told then
		update desk d set told = level, told_at = now() where d.session = held.session;
		data := json_build_object('session', held.session, 'talk', w.talk, 'title', w.title, 'count', w.count, 'oldest_at', iso(w.oldest),
			'level', level);
		perform channel_append(in_conference, array[row('desk:' || held.session, 'desk.waiting', data)::ev]
			|| array(select row('person:' || a, 'desk.waiting', data)::ev from desk_audience(in_conference, held.session, level) a order by a));
	elsif level = 0 and held.told > 0 then
		update desk d set told = 0, told_at = now() where d.session = held.session;
		data := json_build_object('session', held.session);
		perform channel_append(in_conference, array[row('desk:' || held.session, 'desk.settled', data)::ev]
			|| array(select row('person:' || a, 'desk.settled', data)::ev
				from desk_audience(in_conference, held.session, held.told) a order by a));
	end if;
	-- While somebody has been told it is looked at every few seconds, so that they hear at once that it is over.
	next := case when w.count = 0 or hours.opens is null or now() > hours.closes then null
		when level > 0 then now() + interval '3 seconds'
		else greatest(w.oldest, w.acted, hours.opens) + interval '90 seconds' end;
	insert into due (conference, kind, subject, at)
	-- The programme may move meanwhile.
	select in_conference, 'unattended', in_subject, least(next, now() + interval '5 minutes') where next is not null
	on conflict on constraint due_once do nothing;
end $$;

-- A question waits: the work that watches over it is there. Before the row itself, and nothing is locked while the work is not about to
-- run: a hall full of people asks at once.
create or replace function question_watch() returns trigger
language plpgsql as $$
begin
	if new.state <> 'pending' or tg_op = 'UPDATE' and old.state = 'pending' then
		return new;
	end if;
	perform unattended_watch(new.conference, t.session) from talk t where t.id = new.talk;
	return new;
end $$;

create or replace function unattended_watch(in_conference uuid, in_session uuid) returns void
language plpgsql as $$
begin
	if exists (select from due d where d.conference = in_conference and d.kind = 'unattended' and d.subject = in_session::text
		and d.at between now() + interval '10 seconds' and now() + interval '90 seconds')
	then
		return;
	end if;
	-- The row is locked, so that the work cannot be done with it before this question can be seen.
	insert into due as d (conference, kind, subject, at)
	values (in_conference, 'unattended', in_session::text, now() + interval '90 seconds')
	on conflict on constraint due_once do update set at = least(d.at, excluded.at);
end $$;

create or replace trigger question_watch before insert or update of state on question for each row execute function question_watch();

-- qa.ask: to which talk, whether one may, what becomes of it, and how long it will wait.

-- As words are compared: lower case, no accents, nothing invisible between letters.
create or replace function question_fold(in_text text) returns text
language sql stable parallel safe as $$
	select btrim(regexp_replace(lower(unaccent(translate(in_text, U&'\00ad\200b\200c\200d\2060\feff', ''))), '[^[:alnum:]]+', ' ', 'g'))
$$;

-- The words of the lists that it holds, whole ones, as they were written; null: none.
create or replace function question_hits(in_conference uuid, in_text text) returns text[]
language sql stable as $$
	select array_agg(distinct coalesce(w.written, w.word)) from word_list w cross join (select ' ' || question_fold(in_text) || ' ' as text offset 0) x
	where w.conference = in_conference and position(' ' || w.word || ' ' in x.text) > 0
$$;

-- hard, silent or null.
create or replace function qa_muted(in_conference uuid, in_person uuid, in_pseudonym uuid) returns text
language sql stable as $$
	select m.how from mute m
	where m.conference = in_conference and m.lifted is null and (m.person = in_person or m.pseudonym = in_pseudonym)
	order by m.how limit 1
$$;

-- Which talk somebody means who saw it so long ago: the one that was running then in the session's room, of this session or of the one
-- before it there; else the first of this session that is not over.
create or replace function talk_seen(in_conference uuid, in_session uuid, in_behind interval) returns uuid
language sql stable as $$
	with seen as materialized (
		select plenum_now(in_conference) - in_behind as at
	), place as materialized (
		select p.room, lower(p.during) as starts from published p
		where p.conference = in_conference and p.session = in_session and not p.cancelled
		order by (p.started is not null and p.ended is null) desc, abs(extract(epoch from lower(p.during) - (select s.at from seen s))), p.slot
		limit 1
	), near as (
		select in_session as session
		union all
		(select p.session from place h join published p on p.room = h.room cross join seen s
		where p.conference = in_conference and not p.cancelled and p.session <> in_session and lower(p.during) < h.starts
			and coalesce(p.ended, upper(p.during)) > s.at - interval '15 minutes'
		order by lower(p.during) desc limit 1)
	)
	select coalesce((select t.id from near n join talk t on t.session = n.session and t.conference = in_conference cross join seen s
			where t.started <= s.at and (t.ended is null or t.ended > s.at)
			order by t.started desc, t.ord desc limit 1),
		(select t.id from talk t where t.conference = in_conference and t.session = in_session and t.ended is null order by t.ord limit 1),
		(select t.id from talk t where t.conference = in_conference and t.session = in_session order by t.ord desc limit 1))
$$;

-- How many wait before it and about how many seconds that takes, by how fast this session's were judged of late.
create or replace function question_ahead(q question) returns table (ahead bigint, about_s int)
language sql stable rows 1 as $$
	with a as (
		select count(*) as n from question o where o.talk = q.talk and o.state = 'pending' and not o.muted and o.created < q.created
	), judged as (
		select m.at from talk t join talk o on o.session = t.session join question x on x.talk = o.id
			join mod_action m on m.question = x.id
		where t.id = q.talk and m.command in ('approve', 'dismiss', 'merge') and m.at > now() - interval '10 minutes'
		order by m.at desc limit 10
	)
	select a.n, ((a.n + 1) * (select case when count(*) < 2 then 30
		else greatest(3, least(120, extract(epoch from max(j.at) - min(j.at)) / (count(*) - 1))) end from judged j))::int
	from a
$$;

-- From the first question or the first place at the microphones on.
create or replace function qa_begun(in_session uuid) returns boolean
language sql stable as $$
	select exists (select from question q join talk t on t.id = q.talk where t.session = in_session)
		or exists (select from mic_entry e where e.session = in_session)
$$;

-- The session's identity, from its first question on for good, and its salt where it needs one. The row's lock keeps a change of the
-- settings and a first question apart.
create or replace function qa_identity(in_conference uuid, in_session uuid) returns text
language plpgsql as $$
declare
	fixed text := (select s.identity from qa_settings s where s.conference = in_conference and s.session = in_session);
begin
	if fixed is null or not qa_begun(in_session) then
		insert into qa_settings as s (conference, session, identity, version)
		select in_conference, in_session, e.identity, 0 from qa_settings_of(in_conference, in_session) e
		on conflict on constraint qa_settings_once do update set identity = coalesce(s.identity, excluded.identity)
		returning s.identity into fixed;
	end if;
	if fixed = 'anonymous' and not exists (select from qa_salt s where s.session = in_session) then
		insert into qa_salt (session, conference, salt)
		values (in_session, in_conference, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
		on conflict on constraint qa_salt_once do nothing;
		perform qa_salt_due(in_conference, in_session);
	end if;
	return fixed;
end $$;

-- The salt goes 14 days after the session's last end. A session that is in no programme any more is over now.
create or replace function qa_salt_due(in_conference uuid, in_session uuid) returns void
language sql as $$
	insert into due (conference, kind, subject, at)
	select c.id, 'qa_salt', in_session::text, greatest(now(), coalesce((select max(greatest(upper(p.during), p.ended)) from published p
		where p.conference = c.id and p.session = in_session), now() + c.clock_offset) + interval '14 days' - c.clock_offset)
	from conference c where c.id = in_conference
	on conflict on constraint due_once do update set at = excluded.at
$$;

create or replace function due_qa_salt(in_conference uuid, in_subject text) returns void
language plpgsql as $$
begin
	if exists (select from published p where p.conference = in_conference and p.session = in_subject::uuid
		and greatest(upper(p.during), p.ended) + interval '14 days' > plenum_now(in_conference))
	then
		perform qa_salt_due(in_conference, in_subject::uuid);
	else
		delete from qa_salt s where s.session = in_subject::uuid;
	end if;
end $$;

-- Clean ones that nobody has touched are let through when they have waited long enough: looked at again at that time.
create or replace function qa_auto_due(in_conference uuid, in_session uuid, in_at timestamptz) returns void
language sql as $$
	insert into due (conference, kind, subject, at) values (in_conference, 'qa_auto', in_session::text, in_at)
	on conflict on constraint due_once do update set at = least(due.at, excluded.at) where due.at > excluded.at
$$;

create or replace function due_qa_auto(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	wait int := (select s.auto_approve_s from qa_settings_of(in_conference, in_subject::uuid) s);
	was question;
	done record;
	evs ev[] := '{}';
	talks uuid[] := '{}';
	next timestamptz;
begin
	if wait = 0 then
		return;
	end if;
	for was in
		select q.* from question q join talk t on t.id = q.talk
		where q.conference = in_conference and t.session = in_subject::uuid and q.state = 'pending' and q.hits is null and not q.muted
			and q.reports = 0 and q.created <= now() - make_interval(secs => wait)
			and not exists (select from mod_action m where m.question = q.id and m.command not in ('revise', 'move'))
			and not exists (select from claim c where c.question = q.id and c.until > now())
		order by q.id limit 100 for no key update of q skip locked
	loop
		select * into done from question_settle(was, question_in(was, 'approved'), null, 'approve', null, question_members(was)) s;
		evs := evs || done.evs;
	end loop;
	perform channel_append(in_conference, evs);
	select min(q.created) into next from question q join talk t on t.id = q.talk
	where q.conference = in_conference and t.session = in_subject::uuid and q.state = 'pending' and q.hits is null and not q.muted
		and q.reports = 0
		and not exists (select from mod_action m where m.question = q.id and m.command not in ('revise', 'move'));
	if next is not null then
		perform qa_auto_due(in_conference, in_subject::uuid,
			greatest(next + make_interval(secs => wait), now() + interval '1 second'));
	end if;
end $$;

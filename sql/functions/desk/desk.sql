-- Who has a session's desk open, who leads it, and how it is handed over where all can see it.

-- Whoever has not been heard of for 50 s has gone.
create or replace function desk_moderators(in_session uuid) returns json
language sql stable as $$
	select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'since', iso(h.since)) order by h.since, p.id), '[]')
	from moderator_here h join person p on p.id = h.person
	where h.session = in_session and h.seen > now() - interval '50 seconds'
$$;

create or replace function desk_shown(in_session uuid) returns json
language sql stable as $$
	select json_build_object('session', in_session, 'lead', desk_person(d.lead),
		'offer', case when d.offered_to is not null then json_build_object('to', desk_person(d.offered_to),
			'by', desk_person(d.offered_by), 'note', d.note) end,
		'told', coalesce(d.told, 0))
	from (select in_session) x left join desk d on d.session = in_session
$$;

create or replace function desk_event(in_session uuid) returns ev
language sql stable as $$
	select row('desk:' || in_session, 'desk.changed', desk_shown(in_session))::ev
$$;

create or replace function moderator_event(in_session uuid) returns ev
language sql stable as $$
	select row('desk:' || in_session, 'moderator.changed',
		json_build_object('session', in_session, 'moderators', desk_moderators(in_session)))::ev
$$;

-- The desk's row, locked: made when it is first needed. Null: no such session here.
create or replace function desk_lock(in_conference uuid, in_session uuid) returns desk
language plpgsql as $$
declare
	held desk;
begin
	insert into desk (session, conference) select s.id, s.conference from session s
	where s.conference = in_conference and s.id = in_session
	on conflict on constraint desk_once do nothing;
	select * into held from desk d where d.conference = in_conference and d.session = in_session for update;
	return held;
end $$;

-- A heartbeat. Told when somebody comes or goes, not with each beat. Locks: due, the presence.
create or replace function desk_here(in_conference uuid, in_actor uuid, in_session uuid, in_leave boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	was moderator_here;
	evs ev[] := '{}';
begin
	if not exists (select from session s where s.conference = in_conference and s.id = in_session) then
		return;
	end if;
	if not qa_may(in_conference, in_actor, in_session) then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	insert into due (conference, kind, subject, at)
	values (in_conference, 'here', in_session::text, now() + interval '51 seconds')
	on conflict on constraint due_once do nothing;
	select * into was from moderator_here h where h.session = in_session and h.person = in_actor for update;
	if in_leave then
		delete from moderator_here h where h.session = in_session and h.person = in_actor;
		perform desk_lead_gone(in_session) where was.person is not null;
	else
		insert into moderator_here as h (session, person, conference) values (in_session, in_actor, in_conference)
		on conflict on constraint moderator_here_once do update set seen = now(),
			since = case when h.seen > now() - interval '50 seconds' then h.since else now() end;
	end if;
	if in_leave and was.person is not null or not in_leave and (was.person is null or was.seen <= now() - interval '50 seconds') then
		evs := array[moderator_event(in_session), desk_event(in_session)];
	end if;
	return query select write_done(in_conference, in_actor, null, null,
		json_build_object('session', in_session, 'moderators', desk_moderators(in_session)), evs), null::text, null::json;
end $$;

-- A desk is led by somebody who is there, or by nobody; what was offered by or to somebody who left is off.
create or replace function desk_lead_gone(in_session uuid) returns boolean
language sql as $$
	with here as (
		select h.person from moderator_here h where h.session = in_session and h.seen > now() - interval '50 seconds'
	), freed as (
		update desk d set lead = case when d.lead in (select person from here) then d.lead end,
			offered_to = case when d.offered_by in (select person from here) then d.offered_to end,
			offered_by = case when d.offered_by in (select person from here) then d.offered_by end, at = now()
		where d.session = in_session and (d.lead not in (select person from here) or d.offered_by not in (select person from here))
		returning d.session
	)
	select exists (select from freed)
$$;

create or replace function due_here(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	s uuid := in_subject::uuid;
begin
	with silent as (
		select h.person from moderator_here h
		where h.conference = in_conference and h.session = s and h.seen <= now() - interval '50 seconds'
		order by h.person for update
	)
	delete from moderator_here h using silent x where h.session = s and h.person = x.person;
	if found then
		perform desk_lead_gone(s);
		perform channel_append(in_conference, array[moderator_event(s), desk_event(s)]);
	end if;
	insert into due (conference, kind, subject, at)
	select in_conference, 'here', in_subject, min(h.seen) + interval '51 seconds' from moderator_here h
	where h.conference = in_conference and h.session = s having count(*) > 0
	on conflict on constraint due_once do nothing;
end $$;

-- Who leads, for all to see: at once, whoever led before, for somebody who does not answer cannot hand over.
create or replace function desk_take(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_session uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held desk := desk_lock(in_conference, in_session);
begin
	if held.session is null then
		return;
	end if;
	if not qa_may(in_conference, in_actor, in_session) then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	if held.lead is distinct from in_actor then
		update desk d set lead = in_actor, offered_to = null, offered_by = null, note = '', at = now() where d.session = held.session;
		insert into audit (conference, actor, action, subject, detail)
		values (in_conference, in_actor, 'desk.take', in_session, jsonb_build_object('from', held.lead));
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, desk_shown(in_session),
		case when held.lead is distinct from in_actor then array[desk_event(in_session)] else '{}' end), null::text, null::json;
end $$;

-- Offers the desk to somebody, or with nobody named takes the offer back. Whoever leads may, and anybody while nobody leads.
create or replace function desk_offer(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_session uuid, in_to uuid, in_note text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held desk := desk_lock(in_conference, in_session);
	refused text;
begin
	if held.session is null then
		return;
	end if;
	refused := case
		when not qa_may(in_conference, in_actor, in_session) then 'denied'
		when held.lead <> in_actor then 'desk.held'
		when in_to = in_actor or in_to is not null and not qa_may(in_conference, in_to, in_session)
			or in_to is not null and not exists (select from person p where p.conference = in_conference and p.id = in_to)
			then 'desk.state' end;
	if refused is not null then
		return query select null::text, refused, desk_shown(in_session);
		return;
	end if;
	update desk d set offered_to = in_to, offered_by = case when in_to is not null then in_actor end,
		note = case when in_to is not null then coalesce(in_note, '') else '' end, at = now() where d.session = held.session;
	return query select write_done(in_conference, in_actor, in_key, in_hash, desk_shown(in_session), array[desk_event(in_session)]),
		null::text, null::json;
end $$;

-- The one it was offered to takes it, with what the other was on; or declines.
create or replace function desk_accept(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_session uuid, in_decline boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held desk := desk_lock(in_conference, in_session);
	moved uuid[] := '{}';
	evs ev[];
begin
	if held.session is null then
		return;
	end if;
	if not qa_may(in_conference, in_actor, in_session) or held.offered_to is distinct from in_actor then
		return query select null::text, case when qa_may(in_conference, in_actor, in_session) then 'desk.state' else 'denied' end,
			desk_shown(in_session);
		return;
	end if;
	update desk d set lead = case when in_decline then d.lead else in_actor end, offered_to = null, offered_by = null, note = '', at = now()
	where d.session = held.session;
	if not in_decline then
		with theirs as (
			select c.question from claim c join question q on q.id = c.question join talk t on t.id = q.talk
			where c.conference = in_conference and c.person = held.offered_by and c.until > now() and t.session = in_session
			order by c.question for update of c
		), taken as (
			update claim c set person = in_actor, until = now() + interval '30 seconds' from theirs x where c.question = x.question
			returning c.question
		)
		select coalesce(array_agg(x.question), '{}') into moved from taken x;
		insert into audit (conference, actor, action, subject, detail)
		values (in_conference, in_actor, 'desk.accept', in_session, jsonb_build_object('from', held.offered_by, 'note', held.note,
			'claims', to_jsonb(moved)));
	end if;
	evs := array[desk_event(in_session)] || array(select claim_event(q.talk, q.id) from question q where q.id = any (moved) order by q.id);
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		(desk_shown(in_session)::jsonb || jsonb_build_object('claims', to_jsonb(moved)))::json, evs), null::text, null::json;
end $$;

-- Every desk that this person may open and that has something waiting, somebody there or an alarm: the longest wait first.
create or replace function desk_list(in_conference uuid, in_actor uuid) returns json
language sql stable as $$
	with looked as (
		select distinct t.session as id from question q join talk t on t.id = q.talk
		where q.conference = in_conference and q.state = 'pending' and not q.muted
		union
		select d.session from desk d where d.conference = in_conference and (d.told > 0 or d.lead is not null)
		union
		select h.session from moderator_here h where h.conference = in_conference and h.seen > now() - interval '50 seconds'
	)
	select json_build_object('sessions', coalesce(json_agg(json_build_object('session', l.id, 'count', w.count,
		'oldest_at', iso(w.oldest), 'oldest_s', extract(epoch from now() - w.oldest)::int,
		'moderators', desk_moderators(l.id), 'lead', desk_person(d.lead), 'told', coalesce(d.told, 0)) order by w.oldest nulls last, l.id), '[]'))
	from looked l left join desk d on d.session = l.id cross join lateral desk_waiting(in_conference, l.id) w
	where qa_may(in_conference, in_actor, l.id)
$$;

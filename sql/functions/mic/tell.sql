-- What holds a queue together: its lock, its window, who is told what, and who has fallen silent.

-- Everything that changes a queue begins here.
create or replace function mic_hold(in_conference uuid, in_session uuid) returns mic_line
language plpgsql as $$
declare
	held mic_line;
begin
	insert into mic_line (session, conference) values (in_session, in_conference)
	on conflict on constraint mic_line_once do nothing;
	select * into held from mic_line m where m.session = in_session for update;
	return held;
end $$;

create or replace function mic_hold_all(in_conference uuid, in_sessions uuid[]) returns void
language plpgsql as $$
declare
	held uuid;
begin
	for held in select s from unnest(in_sessions) s order by s loop
		perform mic_hold(in_conference, held);
	end loop;
end $$;

-- Desk staff may bring somebody to the microphone too, and confirm that one is heard.
create or replace function mic_may(in_conference uuid, in_actor uuid, in_session uuid) returns boolean
language sql stable as $$
	select qa_may(in_conference, in_actor, in_session) or exists (select from role_grant g
		where g.conference = in_conference and g.person = in_actor and g.role = 'desk')
$$;

-- Paused apart from closed: each has its own words. No row: no such talk in this conference.
create or replace function mic_window(in_conference uuid, in_talk uuid)
returns table (session uuid, open boolean, paused boolean)
language sql stable rows 1 as $$
	select t.session, window_open(t.mic_window, m.open), t.paused
	from talk t cross join lateral session_mic(in_conference, t.session) m
	where t.conference = in_conference and t.id = in_talk
$$;

-- How many wait, beside the votes of each of the session's talks. Under the queue's lock, so that the newest number stands.
create or replace function mic_count(in_conference uuid, in_session uuid, in_waiting bigint) returns void
language plpgsql as $$
begin
	insert into channel (conference, name)
	select in_conference, 'talk:' || t.id from talk t where t.conference = in_conference and t.session = in_session
		and not exists (select from channel c where c.conference = in_conference and c.name = 'talk:' || t.id)
	order by 2
	on conflict on constraint channel_once do nothing;
	insert into tally as y (channel, key, value, xid)
	select c.id, 'mic', in_waiting, pg_current_xact_id()
	from talk t join channel c on c.conference = in_conference and c.name = 'talk:' || t.id
	where t.conference = in_conference and t.session = in_session
	order by 1
	on conflict on constraint tally_once do update set value = excluded.value, xid = excluded.xid
		where y.value <> excluded.value;
end $$;

-- The queue to desk and chair, and to each person what has changed for them: in_entries in any case (in_called as mic.called), the first
-- ten when their place is another. Who stands further back hears it with the next word of their page.
create or replace function mic_tell(in_conference uuid, in_session uuid, in_entries uuid[], in_called uuid[] default '{}',
	in_fair boolean default false) returns ev[]
language plpgsql as $$
declare
	evs ev[];
	n bigint;
begin
	select count(*) into n from mic_entry e where e.conference = in_conference and e.session = in_session and e.state = 'waiting';
	update mic_entry e set told_presence = mic_presence(e)
	where e.conference = in_conference and e.session = in_session and e.state in ('waiting', 'called', 'connecting', 'heard')
		and e.told_presence <> mic_presence(e);
	with line as materialized (
		select e.id, e.person, e.pseudonym, l.place from mic_entry e left join mic_line_up(in_conference, in_session) l on l.entry = e.id
		where e.conference = in_conference and e.session = in_session and e.name is null
			and (e.id = any (in_entries || in_called)
				or e.state = 'waiting' and l.place <= 10 and e.told_place is distinct from l.place)
	), aliases as materialized (
		select p.id, encode(substr(sha256(s.salt || uuid_send(p.id)), 1, 16), 'hex')::uuid as alias
		from qa_salt s join person p on p.conference = s.conference
		where s.session = in_session and exists (select from line l where l.pseudonym is not null)
	), told as (
		update mic_entry e set told_place = l.place from line l left join aliases a on a.alias = l.pseudonym where e.id = l.id
		returning e as e, l.place, coalesce(l.person, a.id) as person
	)
	select array_agg(row('person:' || t.person, case when (t.e).id = any (in_called) then 'mic.called' else 'mic.changed' end,
		mic_own(t.e, t.place, n))::ev order by t.place, (t.e).id) into evs
	from told t where t.person is not null;
	perform mic_count(in_conference, in_session, n);
	return array[row('desk:' || in_session, 'mic.changed', case when in_fair
			then (mic_snapshot(in_conference, in_session)::jsonb || jsonb_build_object('fairness', fairness(in_conference, in_session)))::json
			else mic_snapshot(in_conference, in_session) end)::ev,
		row('chair:' || in_session, 'mic.changed', mic_next(in_conference, in_session))::ev] || coalesce(evs, '{}');
end $$;

-- The work that notices who has fallen silent. Its row is locked before any queue, as the work itself does.
create or replace function mic_watch(in_conference uuid, in_sessions uuid[]) returns void
language sql as $$
	insert into due (conference, kind, subject, at)
	select in_conference, 'mic', s::text, now() + interval '46 seconds' from unnest(in_sessions) s
	order by 3
	on conflict on constraint due_once do update set at = due.at
$$;

create or replace function due_mic(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	changed uuid[];
	again timestamptz;
begin
	perform mic_hold(in_conference, s.id) from session s where s.id = in_subject::uuid and s.conference = in_conference;
	if not found then
		return;
	end if;
	select array_agg(e.id) filter (where e.told_presence <> mic_presence(e)),
		min(case mic_presence(e) when 'here' then e.seen + interval '46 s' when 'away' then e.seen + interval '121 s' end)
			filter (where e.origin = 'remote')
	into changed, again from mic_entry e
	where e.conference = in_conference and e.session = in_subject::uuid and e.state in ('waiting', 'called', 'connecting', 'heard');
	if changed is not null then
		perform channel_append(in_conference, mic_tell(in_conference, in_subject::uuid, changed));
	end if;
	if again is not null then
		insert into due (conference, kind, subject, at) values (in_conference, 'mic', in_subject, again)
		on conflict on constraint due_once do nothing;
	end if;
end $$;

-- One's own place: taken, kept, left.

-- What somebody is told of their own place. The link is in it only while they are called and not in the hall; it is nowhere else.
create or replace function mic_mine(in_conference uuid, in_person uuid, in_session uuid) returns json
language sql stable as $$
	with mine as (
		select e from mic_entry e where e.conference = in_conference and e.session = in_session
			and (e.person = in_person or e.pseudonym = qa_pseudonym(in_session, in_person))
		order by e.state in ('waiting', 'called', 'connecting', 'heard') desc, e.arrival desc limit 1
	), line as materialized (
		select l.entry, l.place, count(*) over () as n from mic_line_up(in_conference, in_session) l
	)
	select json_build_object('session', s.id,
		'entry', (select mic_own(m.e, l.place, (select max(x.n) from line x)) from mine m left join line l on l.entry = (m.e).id),
		'bridge', (select json_build_object('url', b.url, 'version', b.version) from mine m join bridge b
			on b.conference = in_conference and mic_on(m.e) and b.room = talk_room(in_conference, (m.e).talk)),
		'waiting', coalesce((select max(x.n) from line x), 0),
		'talks', (select json_agg(json_build_object('talk', t.id, 'open', w.open, 'paused', w.paused) order by t.ord)
			from talk t cross join lateral mic_window(in_conference, t.id) w
			where t.conference = in_conference and t.session = s.id))
	from session s where s.conference = in_conference and s.id = in_session
$$;

-- Why somebody may not take a place now; null: they may. Under the queue's lock.
drop function if exists mic_refusal(uuid, uuid, uuid, boolean, boolean);
create or replace function mic_refusal(in_conference uuid, in_person uuid, in_pseudonym uuid, in_session uuid, in_open boolean,
	in_paused boolean) returns text
language sql stable as $$
	select case
		when qa_muted(in_conference, in_person, in_pseudonym) = 'hard' then 'qa.muted'
		when in_paused then 'qa.paused'
		when not in_open then 'mic.closed'
		when (select count(*) from mic_entry e where e.session = in_session and e.state = 'waiting') >= 300 then 'mic.full' end
$$;

-- mic.join, merged: in arrays of one length. Who has a place already keeps it, with what they want to ask now.
create or replace function mic_join(in_conference uuid, in_people uuid[], in_talks uuid[], in_questions uuid[], in_origins text[])
returns table (ord bigint, reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	sessions uuid[] := array(select distinct t.session from unnest(in_talks) x(talk) join talk t
		on t.id = x.talk and t.conference = in_conference);
	cmd record;
	entry mic_entry;
	entries uuid[] := '{}';
	faults text[] := '{}';
	touched uuid[] := '{}';
	evs ev[] := '{}';
	positions jsonb;
begin
	perform mic_watch(in_conference, sessions);
	perform mic_hold_all(in_conference, sessions);
	perform qa_identity(in_conference, s) from unnest(sessions) s;
	for cmd in
		select c.*, w.session, w.open, w.paused, p.mode,
			case when i.identity = 'anonymous' then qa_pseudonym(w.session, c.person) end as alias,
			c.question is not null and q.id is null as no_question
		from unnest(in_people, in_talks, in_questions, in_origins) with ordinality as c(person, talk, question, origin, ord)
			left join lateral mic_window(in_conference, c.talk) w on true
			left join lateral qa_settings_of(in_conference, w.session) i on true
			left join person p on p.id = c.person and p.conference = in_conference
			left join question q on q.id = c.question and q.conference = in_conference and question_is_of(q, c.person)
				and exists (select from talk t where t.id = q.talk and t.session = w.session)
		order by c.ord
	loop
		entry := null;
		faults[cmd.ord] := case when cmd.mode is null then 'denied' when cmd.session is null or cmd.no_question then 'not_found' end;
		if faults[cmd.ord] is null then
			update mic_entry e set seen = now(), question = coalesce(cmd.question, e.question), origin = coalesce(cmd.origin, e.origin)
			where e.session = cmd.session and (e.person = cmd.person or e.pseudonym = cmd.alias) and e.state in ('waiting', 'called', 'connecting', 'heard')
			returning * into entry;
		end if;
		if faults[cmd.ord] is null and entry.id is null then
			faults[cmd.ord] := mic_refusal(in_conference, cmd.person, cmd.alias, cmd.session, cmd.open, cmd.paused);
		end if;
		if faults[cmd.ord] is null and entry.id is null then
			insert into mic_entry (conference, session, talk, person, pseudonym, origin, question)
			values (in_conference, cmd.session, cmd.talk, case when cmd.alias is null then cmd.person end, cmd.alias,
				coalesce(cmd.origin, case cmd.mode when 'online' then 'remote' else 'room' end), cmd.question)
			returning * into entry;
		end if;
		entries[cmd.ord] := entry.id;
		if entry.id is not null and not cmd.session = any (touched) then
			touched := touched || cmd.session;
		end if;
	end loop;
	for cmd in select s as session from unnest(touched) s order by s loop
		evs := evs || mic_tell(in_conference, cmd.session, entries);
	end loop;
	select jsonb_object_agg(a.channel, a.position) into positions from channel_append(in_conference, evs) a;
	return query
	select c.ord::bigint, case when e.id is not null then with_positions(mic_own(e, l.place, null),
			json_build_object('person:' || in_people[c.ord], positions -> ('person:' || in_people[c.ord]))) end,
		faults[c.ord], null::json
	from generate_series(1, cardinality(in_people)) c(ord)
		left join mic_entry e on e.id = entries[c.ord]
		left join lateral mic_line_up(in_conference, e.session) l on l.entry = e.id;
end $$;

-- The places somebody has now, in anonymous sessions too. Session null: in all.
create or replace function mic_places(in_conference uuid, in_person uuid, in_session uuid) returns setof mic_entry
language sql stable rows 2 as $$
	select e.* from mic_entry e
	where e.conference = in_conference and e.person = in_person and (in_session is null or e.session = in_session)
		and e.state in ('waiting', 'called', 'connecting', 'heard')
	union all
	select e.* from qa_salt s join mic_entry e on e.session = s.session
		and e.pseudonym = encode(substr(sha256(s.salt || uuid_send(in_person)), 1, 16), 'hex')::uuid
	where s.conference = in_conference and (in_session is null or s.session = in_session)
		and e.state in ('waiting', 'called', 'connecting', 'heard')
$$;

-- mic.here and mic.leave, merged. Without a session: every place this person has.
create or replace function mic_present(in_conference uuid, in_people uuid[], in_sessions uuid[], in_leave boolean)
returns table (ord bigint, reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	held uuid[];
	changed uuid[];
	one uuid;
	evs ev[] := '{}';
begin
	held := array(select distinct e.session from unnest(in_people, in_sessions) c(person, session)
		cross join lateral mic_places(in_conference, c.person, c.session) e);
	if not in_leave then
		perform mic_watch(in_conference, held);
	end if;
	perform mic_hold_all(in_conference, held);
	with mine as (
		select distinct e.id, e.told_presence from unnest(in_people, in_sessions) c(person, session)
			cross join lateral mic_places(in_conference, c.person, c.session) e
		where e.session = any (held)
	), moved as (
		update mic_entry e set seen = now(),
			state = case when not in_leave then e.state when e.state = 'heard' then 'done' else 'left' end,
			version = e.version + in_leave::int,
			turn = case when in_leave and e.state <> 'heard' then null else e.turn end,
			ended = case when in_leave then now() end
		from mine m where e.id = m.id
		returning e.id, m.told_presence, mic_presence(e) as presence
	)
	select array_agg(m.id) filter (where in_leave or m.told_presence <> m.presence) into changed from moved m;
	foreach one in array array(select distinct e.session from mic_entry e where e.id = any (changed) order by 1) loop
		evs := evs || mic_tell(in_conference, one,
			array(select e.id from mic_entry e where e.id = any (changed) and e.session = one), '{}', in_leave);
	end loop;
	perform channel_append(in_conference, evs);
	return query
	select c.ord, case when in_leave then json_build_object('left',
			(select count(*) from mic_entry e where e.id = any (changed) and mic_is_of(e, c.person)
				and (c.session is null or e.session = c.session)), 'positions', '{}'::json)
			else mic_mine(in_conference, c.person, c.session) end::text,
		case when not in_leave and not exists (select from session s where s.id = c.session and s.conference = in_conference)
			then 'not_found' end, null::json
	from unnest(in_people, in_sessions) with ordinality c(person, session, ord);
end $$;

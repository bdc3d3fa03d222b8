-- What holds for a session's questions, and when asking, voting, showing and the microphones are open.

-- Always one row: the session's own words, else the conference's, else these.
create or replace function qa_settings_of(in_conference uuid, in_session uuid)
returns table (identity text, moderated boolean, auto_approve_s int, report_threshold int, joint boolean, mic_policy text, version int)
language sql stable parallel safe rows 1 as $$
	select coalesce(s.identity, c.identity, 'masked'), coalesce(s.moderated, c.moderated, true),
		coalesce(s.auto_approve_s, c.auto_approve_s, 0), coalesce(s.report_threshold, c.report_threshold, 3),
		coalesce(s.joint, c.joint, false), coalesce(s.mic_policy, c.mic_policy, 'alternate'),
		coalesce(case when in_session is null then c.version else s.version end, 0)
	from (values (1)) one
		left join qa_settings s on s.conference = in_conference and s.session = in_session
		left join qa_settings c on c.conference = in_conference and c.session is null
$$;

create or replace function qa_settings_json(in_conference uuid, in_session uuid) returns json
language sql stable as $$
	select to_json(s) from qa_settings_of(in_conference, in_session) s
$$;

-- qa.settings_get: what holds, what would without this scope's own words, and which those are. session null: the whole conference's.
create or replace function qa_settings_get(in_conference uuid, in_actor uuid, in_session uuid)
returns table (reply text, fault text)
language sql stable as $$
	select case when m.may then json_build_object('session', in_session, 'settings', qa_settings_json(in_conference, in_session),
			'defaults', case when in_session is null then d.plain else (qa_settings_json(in_conference, null)::jsonb - 'version')::json end,
			'own', json_build_object('identity', s.identity, 'moderated', s.moderated, 'auto_approve_s', s.auto_approve_s,
				'report_threshold', s.report_threshold, 'joint', s.joint, 'mic_policy', s.mic_policy),
			'identity_fixed', in_session is not null and qa_begun(in_session),
			'talks', coalesce((select json_agg(json_build_object('id', t.id, 'title', t.title, 'ask_window', t.ask_window,
					'vote_window', t.vote_window, 'show_window', t.show_window, 'mic_window', t.mic_window, 'paused', t.paused)
				order by t.ord) from talk t where t.conference = in_conference and t.session = in_session), '[]'))::text end,
		case when not m.may then 'denied' end
	from (select case when in_session is not null then qa_may(in_conference, in_actor, in_session)
			else exists (select from role_grant g where g.conference = in_conference and g.person = in_actor
				and g.role in ('moderator', 'organiser')) end as may) m
		cross join lateral (select (to_jsonb(b) - 'version')::json as plain from qa_settings_of(null, null) b) d
		left join qa_settings s on s.conference = in_conference and s.session is not distinct from in_session
	where in_session is null or exists (select from session x where x.conference = in_conference and x.id = in_session)
$$;

-- What the programme says: from 24 h before the local day of a published slot until 15 min after its end, in conference time, as it was
-- so long ago. Its end is the planned one, or the latest that people were told to expect, and what somebody started and nobody ended is
-- not over: no press that is missing closes a window. Table functions, so that the planner takes them into the statement that asks.
create or replace function session_open_at(in_conference uuid, in_session uuid, ago interval) returns table (open boolean)
language sql stable parallel safe rows 1 as $$
	select exists (select from published p join conference c on c.id = p.conference left join expected x on x.slot = p.slot
		where p.conference = in_conference and p.session = in_session and not p.cancelled
			and now() + c.clock_offset >= date_trunc('day', lower(p.during) at time zone c.zone) at time zone c.zone
				- interval '24 hours'
			and (p.started is not null and p.ended is null
				or now() + c.clock_offset - ago < greatest(upper(p.during), x.latest, p.ended) + interval '15 minutes'))
$$;

create or replace function session_open(in_conference uuid, in_session uuid) returns table (open boolean)
language sql stable parallel safe rows 1 as $$
	select o.open from session_open_at(in_conference, in_session, interval '0') o
$$;

-- The microphones: while a slot is on or expected to be, from 5 min before until 15 min after.
create or replace function session_mic(in_conference uuid, in_session uuid) returns table (open boolean)
language sql stable parallel safe rows 1 as $$
	select exists (select from published p join conference c on c.id = p.conference left join expected x on x.slot = p.slot
		where p.conference = in_conference and p.session = in_session and not p.cancelled
			and (p.started is not null and p.ended is null
				or now() + c.clock_offset >= coalesce(x.starts, lower(p.during)) - interval '5 minutes'
				and now() + c.clock_offset < coalesce(p.ended, greatest(upper(p.during), x.ends)) + interval '15 minutes'))
$$;

-- What a moderator set, over the programme's.
create or replace function window_open(setting text, programme boolean) returns boolean
language sql immutable parallel safe as $$
	select case setting when 'auto' then programme else setting = 'open' end
$$;

-- What holds now; no row: no such talk in this conference. A talk of a block that was ended closes 15 min later, unless they discuss
-- all of them together at the end; one that is not held takes none.
drop function if exists talk_window(uuid, uuid);
create or replace function talk_window(in_conference uuid, in_talk uuid)
returns table (ask boolean, vote boolean, show boolean, mic boolean, paused boolean, joint boolean)
language sql stable parallel safe rows 1 as $$
	select not t.paused and window_open(t.ask_window, a.open), window_open(t.vote_window, a.open) and t.show_window <> 'closed',
		t.show_window <> 'closed', not t.paused and window_open(t.mic_window, m.open), t.paused, w.joint
	from talk t cross join lateral session_open(in_conference, t.session) s
		cross join lateral session_mic(in_conference, t.session) m
		cross join lateral qa_settings_of(in_conference, t.session) w
		cross join lateral (select s.open and t.no_show is null and (w.joint or t.ended is null
			or plenum_now(in_conference) < t.ended + interval '15 minutes') as open) a
	where t.conference = in_conference and t.id = in_talk
$$;

create or replace function talk_window_json(in_conference uuid, in_talk uuid) returns json
language sql stable as $$
	select to_json(w) from talk_window(in_conference, in_talk) w
$$;

-- What moderators set: the talk's windows, the session's words.
create or replace function talk_settings_json(in_talk uuid) returns json
language sql stable as $$
	select json_plus(qa_settings_json(t.conference, t.session), json_build_object('ask_window', t.ask_window, 'vote_window', t.vote_window,
		'show_window', t.show_window, 'mic_window', t.mic_window))
	from talk t where t.id = in_talk
$$;

-- Asking was open so long ago and is not any more: what was on its way then is still taken. What a moderator closed by hand is closed at
-- once but for those who see it later.
create or replace function talk_late(in_conference uuid, in_talk uuid, ago interval) returns boolean
language sql stable as $$
	select ago > interval '2 seconds' and t.ask_closed is not null and t.ask_closed > now() - ago
		or not t.paused and t.ask_window = 'auto' and s.open and t.no_show is null
			and (w.joint or t.ended is null or plenum_now(in_conference) - ago < t.ended + interval '15 minutes')
	from talk t cross join lateral session_open_at(in_conference, t.session, ago) s
		cross join lateral qa_settings_of(in_conference, t.session) w
	where t.conference = in_conference and t.id = in_talk
$$;

create or replace function talk_shows(in_talk uuid) returns boolean
language sql stable parallel safe as $$
	select t.show_window <> 'closed' from talk t where t.id = in_talk
$$;

-- window.changed for talks, to those who ask and those who moderate.
create or replace function window_events(in_conference uuid, in_talks uuid[]) returns ev[]
language sql stable as $$
	select coalesce(array_agg(e.e order by t.ord, e.k), '{}')
	from talk t cross join lateral (select json_build_object('talk', t.id, 'window', talk_window_json(in_conference, t.id)) as d) x
		cross join lateral (values
			(1, row('talk:' || t.id, 'window.changed', x.d)::ev),
			(2, row('talk:' || t.id || ':mod', 'window.changed', json_plus(x.d,
				json_build_object('settings', talk_settings_json(t.id))))::ev)) as e(k, e)
	where t.conference = in_conference and t.id = any (in_talks)
$$;

-- qa.window. joint is the session's. A null leaves what is there.
create or replace function window_set(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_talk uuid, in_session uuid,
	in_ask text, in_vote text, in_show text, in_mic text, in_paused boolean, in_joint boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held uuid := coalesce((select t.session from talk t where t.conference = in_conference and t.id = in_talk), in_session);
	scope uuid[] := array(select t.id from talk t
		where t.conference = in_conference and t.session = held and (in_talk is null or t.id = in_talk) order by t.ord);
	told uuid[] := scope;
	result json;
begin
	if cardinality(scope) = 0 then
		return;
	elsif not qa_may(in_conference, in_actor, held) then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	perform from talk t where t.id = any (scope) order by t.ord, t.id for no key update;
	update talk t set ask_window = coalesce(in_ask, t.ask_window), vote_window = coalesce(in_vote, t.vote_window),
		show_window = coalesce(in_show, t.show_window), mic_window = coalesce(in_mic, t.mic_window),
		paused = coalesce(in_paused, t.paused),
		ask_closed = case when coalesce(in_ask, t.ask_window) <> 'closed' and not coalesce(in_paused, t.paused) then null
			when (select w.ask from talk_window(in_conference, t.id) w) then now() else t.ask_closed end
	where t.conference = in_conference and t.id = any (scope);
	if in_joint is not null then
		insert into qa_settings as s (conference, session, joint) values (in_conference, held, in_joint)
		on conflict on constraint qa_settings_once do update set joint = excluded.joint, version = s.version + 1;
		told := array(select t.id from talk t where t.conference = in_conference and t.session = held);
	end if;
	insert into audit (conference, actor, action, subject, detail)
	select in_conference, in_actor, 'qa.window', coalesce(in_talk, held)::text, jsonb_strip_nulls(jsonb_build_object('ask', in_ask,
		'vote', in_vote, 'show', in_show, 'mic', in_mic, 'paused', in_paused, 'joint', in_joint));
	if in_talk is not null then
		result := json_build_object('talk', in_talk, 'window', talk_window_json(in_conference, in_talk));
	else
		result := json_build_object('session', held, 'talks', (
			select json_agg(json_build_object('talk', x, 'window', talk_window_json(in_conference, x)) order by n)
			from unnest(scope) with ordinality as u(x, n)));
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, result, window_events(in_conference, told)),
		null::text, null::json;
end $$;

-- qa.settings. session null: what holds where a session says nothing, for organisers. The identity of a session that has begun stays.
create or replace function qa_settings_set(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_session uuid,
	in_version int, in_identity text, in_moderated boolean, in_auto int, in_threshold int, in_joint boolean, in_mic text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	before record;
	evs ev[];
	d json;
begin
	if in_session is not null and not exists (select from session s where s.conference = in_conference and s.id = in_session) then
		return;
	elsif not qa_may(in_conference, in_actor, in_session) or in_session is null and not exists (select from role_grant g
		where g.conference = in_conference and g.person = in_actor and g.role = 'organiser')
	then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	-- A row to lock: the first question of a session takes the same lock.
	insert into qa_settings (conference, session, version) values (in_conference, in_session, 0)
	on conflict on constraint qa_settings_once do nothing;
	perform from qa_settings s where s.conference = in_conference and s.session is not distinct from in_session for update;
	select * into before from qa_settings_of(in_conference, in_session);
	if before.version <> in_version or in_session is not null and in_identity is distinct from before.identity and in_identity is not null
		and qa_begun(in_session)
	then
		return query select null::text, case when before.version <> in_version then 'conflict' else 'qa.identity' end,
			qa_settings_json(in_conference, in_session);
		return;
	end if;
	update qa_settings s set identity = coalesce(in_identity, s.identity), moderated = coalesce(in_moderated, s.moderated),
		auto_approve_s = coalesce(in_auto, s.auto_approve_s), report_threshold = coalesce(in_threshold, s.report_threshold),
		joint = coalesce(in_joint, s.joint), mic_policy = coalesce(in_mic, s.mic_policy), version = s.version + 1
	where s.conference = in_conference and s.session is not distinct from in_session;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'qa.settings', coalesce(in_session::text, ''), jsonb_strip_nulls(jsonb_build_object(
		'identity', in_identity, 'moderated', in_moderated, 'auto_approve_s', in_auto, 'report_threshold', in_threshold,
		'joint', in_joint, 'mic_policy', in_mic)));
	-- Of the whole conference only who listens already is told.
	select coalesce(array_agg(e.e order by t.session, t.ord, e.k), '{}') into evs
	from talk t cross join lateral (select json_build_object('session', t.session, 'settings',
			qa_settings_json(in_conference, t.session)) as full, json_build_object('session', t.session, 'settings', (
				select json_build_object('identity', s.identity, 'moderated', s.moderated)
				from qa_settings_of(in_conference, t.session) s)) as brief) x
		cross join lateral (values
			(1, row('talk:' || t.id, 'settings.changed', x.brief)::ev),
			(2, row('talk:' || t.id || ':mod', 'settings.changed', json_build_object('session', t.session,
				'settings', talk_settings_json(t.id)))::ev),
			(3, row('desk:' || t.session, 'settings.changed', x.full)::ev)) as e(k, e)
	where t.conference = in_conference and (t.session = in_session or in_session is null and exists (
			select from channel c where c.conference = in_conference and c.name = 'talk:' || t.id))
		and (e.k < 3 or t.ord = (select min(o.ord) from talk o where o.session = t.session));
	if in_joint is not null and in_session is not null then
		evs := evs || window_events(in_conference, array(select t.id from talk t where t.session = in_session));
	end if;
	if in_auto > 0 then
		perform qa_auto_due(in_conference, s.id, now()) from session s
		where s.conference = in_conference and (s.id = in_session or in_session is null and exists (
			select from question q join talk t on t.id = q.talk where t.session = s.id and q.state = 'pending'));
	end if;
	d := json_build_object('session', in_session, 'settings', qa_settings_json(in_conference, in_session));
	return query select write_done(in_conference, in_actor, in_key, in_hash, d, evs), null::text, null::json;
end $$;

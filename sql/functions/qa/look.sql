-- How a question looks to attendees, to moderators and to its asker; when asking and voting are open; what a stage shows.

create or replace function question_visible(in_state text) returns boolean
language sql immutable parallel safe as $$
	select in_state in ('approved', 'on_stage', 'answered')
$$;

-- Null for what attendees may not see: an event without data is refused by the log, so a slip cannot leak.
create or replace function question_public(q question, votes bigint) returns json
language sql stable parallel safe as $$
	select case when question_visible(q.state) then json_build_object('id', q.id, 'talk', q.talk, 'text', q.text,
		'state', q.state, 'version', q.version, 'votes', coalesce(votes, 0), 'asked_at', iso(q.asked_at)) end
$$;

create or replace function question_mod(q question, votes bigint, author text) returns json
language sql stable parallel safe as $$
	select json_build_object('id', q.id, 'talk', q.talk, 'text', q.text, 'state', q.state, 'version', q.version,
		'votes', coalesce(votes, 0), 'asked_at', iso(q.asked_at),
		'author', json_build_object('id', q.person, 'name', author), 'reason', q.reason)
$$;

create or replace function question_own(q question, votes bigint) returns json
language sql stable parallel safe as $$
	select json_build_object('id', q.id, 'talk', q.talk, 'text', q.text, 'state', q.state, 'version', q.version,
		'votes', coalesce(votes, 0), 'asked_at', iso(q.asked_at), 'mine', true, 'reason', q.reason)
$$;

create or replace function question_votes(in_conference uuid, in_talk uuid, in_question uuid) returns bigint
language sql stable parallel safe as $$
	select coalesce((select t.value from channel c join tally t on t.channel = c.id
		where c.conference = in_conference and c.name = 'talk:' || in_talk and t.key = in_question::text), 0)
$$;

-- What the programme says: from 24 h before the local day of a published slot until 15 min after its end, in conference time. Its end is
-- the planned one, or the latest that people were told to expect, and what somebody started and nobody ended is not over: no press that
-- is missing closes a window. A table function, so that the planner takes it into the statement that asks.
create or replace function session_open(in_conference uuid, in_session uuid) returns table (open boolean)
language sql stable parallel safe rows 1 as $$
	select exists (select from published p join conference c on c.id = p.conference left join expected x on x.slot = p.slot
		where p.conference = in_conference and p.session = in_session and not p.cancelled
			and now() + c.clock_offset >= date_trunc('day', lower(p.during) at time zone c.zone) at time zone c.zone
				- interval '24 hours'
			and (p.started is not null and p.ended is null
				or now() + c.clock_offset < greatest(upper(p.during), x.latest, p.ended) + interval '15 minutes'))
$$;

-- What a moderator set, over the programme's.
create or replace function window_open(setting text, programme boolean) returns boolean
language sql immutable parallel safe as $$
	select case setting when 'auto' then programme else setting = 'open' end
$$;

-- No row: no such talk in this conference.
create or replace function talk_window(in_conference uuid, in_talk uuid) returns table (ask boolean, vote boolean)
language sql stable parallel safe rows 1 as $$
	select window_open(t.ask_window, s.open), window_open(t.vote_window, s.open)
	from talk t cross join lateral session_open(in_conference, t.session) s
	where t.conference = in_conference and t.id = in_talk
$$;

-- Where a talk is held: the room of its published slot, of several the one that runs or is expected nearest. Null: not in the programme.
create or replace function talk_room(in_conference uuid, in_talk uuid) returns uuid
language sql stable as $$
	select p.room from talk t join published p on p.session = t.session and p.conference = t.conference
		left join expected x on x.slot = p.slot cross join plenum_now(in_conference) as at
	where t.conference = in_conference and t.id = in_talk and not p.cancelled
	order by (p.started is not null and p.ended is null and not coalesce(x.unconfirmed, false)) desc,
		greatest(coalesce(x.starts, lower(p.during)) - at, at - coalesce(x.ends, upper(p.during)), interval '0'),
		lower(p.during), p.slot
	limit 1
$$;

-- {"question", "talk"} of a room's stage, and what stage_more() adds. Without a question: the talk that has begun there, or whose time is expected to be now; one that
-- nobody ended gives way to it.
create or replace function stage_shown(in_conference uuid, in_room uuid) returns json
language sql stable as $$
	with shown as (
		select q from question q where q.conference = in_conference and q.stage_room = in_room
	), held as (
		select (s.q).talk as id, 0 as rank, null::timestamptz as started, 0 as ord from shown s
		union all
		select t.id, case when t.started is not null and not coalesce(x.unconfirmed, false) then 1
			when p.slot = n.now_slot then 2 else 3 end, t.started, t.ord
		from published p join talk t on t.session = p.session left join expected x on x.slot = p.slot
			left join now_places(in_conference, in_room) n on n.room = p.room
		where p.conference = in_conference and p.room = in_room and not p.cancelled and t.ended is null
			and (t.started is not null or p.slot = n.now_slot)
		order by rank, started desc nulls last, ord limit 1
	)
	select (jsonb_build_object(
		'question', (select question_public(s.q, question_votes(in_conference, (s.q).talk, (s.q).id)) from shown s),
		'talk', (select json_build_object('id', t.id, 'title', t.title, 'speakers', coalesce(
				(select json_agg(json_build_object('id', s.id, 'name', s.name) order by ts.ord)
				from talk_speaker ts join speaker s on s.id = ts.speaker where ts.talk = t.id), '[]'))
			from held h join talk t on t.id = h.id)) || stage_more(in_conference, in_room, (select h.id from held h)))::json
$$;

-- What a stage screen shows beside question and talk: what comes next, the poll, the time that is left, words from behind the stage. Together
-- with ticks it is all that a screen needs.

-- The room's poll: the one that runs, else the last closed one, of the session that is on there, until a question goes on stage after it or
-- a moderator takes it off. Null when it has nothing to show: closed, and its results are nobody's.
create or replace function stage_poll(in_conference uuid, in_room uuid, in_talk uuid) returns json
language sql stable as $$
	select poll_public(p)
	from poll p join talk t on t.id = p.talk left join talk held on held.id = in_talk
	where p.conference = in_conference and p.state <> 'draft' and p.shown and talk_room(in_conference, p.talk) = in_room
		and (held.id is null or held.session = t.session)
		and (p.state = 'running' or p.results <> 'never' and p.closed > plenum_now(in_conference) - interval '15 minutes'
			and not exists (select from question q where q.conference = in_conference and q.stage_room = in_room
				and q.staged > p.closed))
	order by p.state = 'running' desc, (p.talk = in_talk) desc, coalesce(p.closed, p.opened) desc, p.nth desc limit 1
$$;

-- The time of what is on: since when, and until when it is expected to last.
create or replace function stage_timer(in_conference uuid, in_room uuid) returns json
language sql stable as $$
	select json_build_object('slot', p.slot, 'started', iso(p.started), 'ends', iso(coalesce(x.ends, upper(p.during))))
	from now_places(in_conference, in_room) n join published p on p.slot = n.now_slot left join expected x on x.slot = p.slot
	where n.room = in_room
$$;

create or replace function stage_messages(in_conference uuid, in_room uuid, in_talk uuid) returns json
language sql stable as $$
	select coalesce(json_agg(m.data order by m.at, m.id), '[]')
	from (
		select b.at, b.id, json_build_object('id', b.id, 'audience', b.audience, 'text', b.text, 'by', b.by_name, 'at', iso(b.at)) as data
		from backstage b
		where b.conference = in_conference and b.acked is null and b.audience in ('speaker', 'all')
			and b.session in (select t.session from talk t where t.id = in_talk union all
				select p.session from now_places(in_conference, in_room) n join published p on p.slot = n.now_slot where n.room = in_room)
		order by b.at desc, b.id limit 5
	) m
$$;

-- The question that more people want than any other: as attendees see it, without its votes, which come by tick. None while they may see none.
create or replace function stage_next(in_conference uuid, in_talk uuid) returns jsonb
language sql stable as $$
	select question_public(q, 0)::jsonb - 'votes'
	from question q
	where q.conference = in_conference and q.talk = in_talk and q.state = 'approved' and q.kind = 'asked' and talk_shows(q.talk)
	order by q.skipped is not null, question_votes(in_conference, q.talk, q.id) desc, q.first_visible_at, q.id limit 1
$$;

-- Members that stage_shown() adds to its own.
create or replace function stage_more(in_conference uuid, in_room uuid, in_talk uuid) returns jsonb
language sql stable as $$
	select jsonb_build_object('next', stage_next(in_conference, in_talk), 'poll', stage_poll(in_conference, in_room, in_talk),
		'timer', stage_timer(in_conference, in_room), 'messages', stage_messages(in_conference, in_room, in_talk))
$$;

-- What a stage was told last, without what moves by tick.
create or replace function stage_still(in_shown json) returns jsonb
language sql immutable as $$
	select in_shown::jsonb #- '{question,votes}'
$$;

-- Tells stages what changed there without a word of its own: votes that brought another question to the top, a message, a new expected end, a
-- poll that has been up long enough. Looks every two seconds at rooms where something is on, and only tells what differs.
create or replace function due_stage(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	place record;
	shown json;
	told json;
begin
	for place in
		select p.conference, p.room, c.id as channel
		from published p join conference k on k.id = p.conference
			left join channel c on c.conference = p.conference and c.name = 'stage:' || p.room
		where not p.cancelled and (c.id is not null or exists (select from station s
				where s.conference = p.conference and s.room = p.room and s.kind = 'stage' and s.revoked is null))
			and (p.started is not null and (p.ended is null or p.ended > now() + k.clock_offset - interval '15 minutes')
				or p.during && tstzrange(now() + k.clock_offset - interval '2 hours', now() + k.clock_offset + interval '2 hours'))
		group by 1, 2, 3 order by 3
	loop
		shown := stage_shown(place.conference, place.room);
		select e.data into told from channel_event e
		where e.channel = place.channel and e.type in ('question.staged', 'stage.changed') order by e.position desc limit 1;
		if told is null or stage_still(told) is distinct from stage_still(shown) then
			-- Looked at again behind whoever is telling that stage something just now: what is older must not be told after it.
			perform from channel c where c.id = place.channel for update;
			shown := stage_shown(place.conference, place.room);
			perform channel_append(place.conference, array[row('stage:' || place.room, 'stage.changed', shown)::ev]);
		end if;
	end loop;
	insert into due (conference, kind, at) values (null, 'stage', now() + interval '2 seconds')
	on conflict on constraint due_once do update set at = excluded.at;
end $$;

-- Where a talk is held and what a room's stage shows.

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

-- {"question", "talk"} of a room's stage, and what stage_more() adds. Without a question: the talk that has begun there, or whose time is
-- expected to be now; one that nobody ended gives way to it.
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

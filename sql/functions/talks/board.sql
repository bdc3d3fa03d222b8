-- The board of a session: its talks in their order, how they stand, who of their speakers is there, and who stands by.

-- Who presents an abstract: the author who is marked so, when that address is somebody's; else whoever sent it.
create or replace function board_presenter(in_conference uuid, in_abstract uuid) returns table (person uuid, name text)
language sql stable as $$
	select coalesce(p.id, a.person), coalesce(w.name, (select x.name from person x where x.id = a.person))
	from abstract a left join abstract_author w on w.abstract = a.id and w.presents
		left join person p on p.conference = a.conference and p.email = w.email
	where a.conference = in_conference and a.id = in_abstract
$$;

create or replace function talk_presenter(in_talk uuid) returns table (person uuid, name text)
language sql stable as $$
	select s.person, s.name from talk_speaker ts join speaker s on s.id = ts.speaker
	where ts.talk = in_talk order by s.person is null, ts.ord limit 1
$$;

-- Those who stand by for a session in the order they are asked: its own, then those of no session.
create or replace function board_standby(in_conference uuid, in_session uuid)
returns table (abstract uuid, title text, rank int, own boolean, mode text, person uuid, name text)
language sql stable as $$
	select a.id, a.title, a.rank, a.session is not null, coalesce(x.mode, a.mode), p.person, p.name
	from abstract a cross join lateral board_presenter(in_conference, a.id) p left join person x on x.id = p.person
	where a.conference = in_conference and a.outcome = 'standby' and a.state = 'submitted'
		and (a.session = in_session or a.session is null)
	order by a.session is null, a.rank nulls last, a.number, a.id limit 12
$$;

create or replace function talk_state(t talk) returns text
language sql stable as $$
	select case when t.no_show is not null then 'no_show' when t.ended is not null then 'done' when t.halted is not null then 'paused'
		when t.started is not null then 'on' when t.ready is not null then 'ready' else 'waiting' end
$$;

create or replace function span_json(starts timestamptz, ends timestamptz) returns json
language sql immutable as $$
	select case when starts is not null then json_build_object('start', iso(starts), 'end', iso(ends)) end
$$;

drop function if exists board_slides(uuid, uuid);
-- in_full: for those who run it. The speakers see neither who is there nor who stands by.
create or replace function board_talks(in_conference uuid, in_session uuid, in_at timestamptz, in_full boolean) returns json
language sql stable as $$
	select coalesce(json_agg(json_plus(json_build_object('id', t.id, 'ord', t.ord, 'title', t.title, 'abstract', t.abstract,
			'speaker', json_build_object('person', w.person, 'name', w.name),
			'mode', coalesce(x.mode, a.mode, 'on_site'), 'state', talk_state(t), 'ready_at', iso(t.ready),
			'planned', span_json(b.planned_start, b.planned_end), 'actual', span_json(t.started, t.ended),
			'expected', span_json(b.starts, b.ends), 'allotted_s', b.allotted, 'own_time', t.allotted is not null,
			'added_s', t.added, 'paused_s', t.halted_s, 'paused_at', iso(t.halted), 'stands_for', t.stands_for,
			'stood_for', (select o.id from talk o where o.stands_for = t.id)),
		case when in_full then json_build_object('in_building', board_inside(in_conference, w.person),
			'online', board_online(w.person), 'check', board_check(w.person), 'slides', files_of(in_conference, 'slides', t.id))
			else '{}' end) order by t.ord), '[]')
	from talk t left join board_times(in_conference, in_session, in_at) b on b.talk = t.id
		left join lateral talk_presenter(t.id) w on true
		left join person x on x.id = w.person left join abstract a on a.id = t.abstract
	where t.conference = in_conference and t.session = in_session
$$;

create or replace function board_document(in_conference uuid, in_session uuid, in_full boolean) returns json
language sql stable as $$
	select json_plus(json_build_object('session', s.id, 'title', s.title, 'time', iso(c.at),
			'slot', (select json_build_object('id', p.slot, 'room', p.room, 'start', iso(p.starts), 'end', iso(p.ends),
				'started', iso(p.started), 'ended', iso(p.ended), 'expected_start', iso(p.expected_start),
				'expected_end', iso(p.expected_end)) from board_slot(in_conference, s.id, c.at) p),
			'talks', board_talks(in_conference, s.id, c.at, in_full)),
		case when in_full then json_build_object(
			'standby', (select coalesce(json_agg(json_build_object('abstract', y.abstract, 'title', y.title, 'name', y.name,
					'person', y.person, 'rank', y.rank, 'own', y.own, 'mode', y.mode, 'in_building', board_inside(in_conference, y.person),
					'online', board_online(y.person))), '[]') from board_standby(in_conference, s.id) y),
			'alarm_at', iso(board_alarm_at(in_conference, s.id, c.at)),
			'alarms', board_alarms(in_conference, s.id, c.at))
			else '{}' end)
	from session s, (select plenum_now(in_conference) as at) c
	where s.conference = in_conference and s.id = in_session
$$;

-- talk.board: to those who run the session all of it, to those who speak in it their part.
create or replace function board_get(in_conference uuid, in_actor uuid, in_session uuid) returns table (reply text, fault text)
language sql stable as $$
	select case when m.may or m.speaks then board_document(in_conference, in_session, m.may)::text end,
		case when not m.may and not m.speaks then 'denied' end
	from (select qa_may(in_conference, in_actor, in_session) as may, backstage_speaks(in_session, in_actor) as speaks) m
	where exists (select from session s where s.conference = in_conference and s.id = in_session)
$$;

-- An event holds 16 KiB: of a session with very many talks it says only that there is something to read.
create or replace function board_events(in_conference uuid, in_session uuid) returns ev[]
language sql stable as $$
	select array_agg(row(c.name, 'board.changed', case when octet_length(c.d::text) <= 16000 then c.d
		else json_build_object('session', in_session, 'refetch', true) end)::ev order by c.name)
	from (values ('board:' || in_session, board_document(in_conference, in_session, false)),
		('board:' || in_session || ':mod', board_document(in_conference, in_session, true))) as c(name, d)
	where c.d is not null
$$;

-- The board is told last, once, as it is now.
create or replace function board_told(in_conference uuid, in_session uuid, evs ev[]) returns ev[]
language sql stable as $$
	select array(select e from unnest(evs) with ordinality as u(channel, type, data, n),
			lateral (select (u.channel, u.type, u.data)::ev as e) x
		where u.type <> 'board.changed' or u.channel not in ('board:' || in_session, 'board:' || in_session || ':mod') order by u.n)
		|| board_events(in_conference, in_session)
$$;

-- The end of every change of a board: its room is looked at again, and all are told.
create or replace function board_done(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_session uuid, result json, evs ev[])
returns text
language plpgsql as $$
declare
	place record;
begin
	select * into place from talk_slot(in_conference, in_session, plenum_now(in_conference));
	if place.room is not null then
		evs := evs || expect_room(in_conference, place.room);
	end if;
	return write_done(in_conference, in_actor, in_key, in_hash, result, board_told(in_conference, in_session, evs));
end $$;

-- What a refused press is answered with: the talk as it stands.
create or replace function board_talk(in_conference uuid, in_talk uuid) returns json
language sql stable as $$
	select json_build_object('talk', t.id, 'state', talk_state(t), 'started', iso(t.started), 'ended', iso(t.ended), 'added_s', t.added,
		'paused_s', t.halted_s, 'stood_for', (select o.id from talk o where o.stands_for = t.id))
	from talk t where t.conference = in_conference and t.id = in_talk
$$;

-- One's own talks, with the link to the room for those who speak from elsewhere: from 45 minutes before until it is over.
create or replace function board_mine(in_conference uuid, in_person uuid) returns json
language sql stable as $$
	select json_build_object('time', iso(c.at), 'talks', (
		select coalesce(json_agg(json_build_object('talk', t.id, 'session', t.session, 'title', t.title, 'mode', p.mode,
			'state', talk_state(t), 'room', r.name,
			'start', iso(coalesce(b.starts, l.expected_start, l.starts)), 'end', iso(coalesce(b.ends, l.expected_end, l.ends)),
			'allotted_s', b.allotted, 'check', board_check(in_person), 'green_room', g.here,
			'bridge', case when g.here then (select x.url from bridge x where x.conference = in_conference and x.room = l.room) end)
			order by coalesce(b.starts, l.starts), t.ord), '[]')
		from speaker s join talk_speaker ts on ts.speaker = s.id join talk t on t.id = ts.talk join person p on p.id = s.person
			left join lateral board_slot(in_conference, t.session, c.at) l on true
			left join room r on r.id = l.room
			left join lateral (select * from board_times(in_conference, t.session, c.at) x where x.talk = t.id) b on true
			cross join lateral (select coalesce(p.mode = 'online' and t.ended is null and t.no_show is null and l.ended is null
				and coalesce(b.starts, l.starts) - interval '45 minutes' <= c.at
				and greatest(b.ends, l.ends, l.expected_end) + interval '1 hour' > c.at, false) as here) g
		where s.conference = in_conference and s.person = in_person))
	from (select plenum_now(in_conference) as at) c
$$;

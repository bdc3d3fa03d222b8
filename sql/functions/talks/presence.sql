-- Who of those who speak is there: let in at the door, or with a page open. What is told of it goes only to those who run the session.

-- In the building: inside by a list whose day ends by itself, or let in today by the others.
create or replace function board_inside(in_conference uuid, in_person uuid) returns boolean
language sql stable as $$
	select exists (select from admission a join checkin_list l on l.id = a.list join conference c on c.id = a.conference
		where a.conference = in_conference and a.person = in_person and a.undone is null and a.left_at is null
			and (l.day_ends is not null
				or (a.at at time zone c.zone)::date = ((now() + c.clock_offset) at time zone c.zone)::date))
$$;

-- A page says every 25 s that it is open; after 70 s of silence nobody is there. Real time.
create or replace function board_online(in_person uuid) returns boolean
language sql stable as $$
	select exists (select from speaker_here h where h.person = in_person and h.told and h.seen > now() - interval '70 seconds')
$$;

create or replace function board_check(in_person uuid) returns json
language sql stable as $$
	select json_build_object('camera', h.camera, 'microphone', h.microphone, 'delay_ms', h.delay_ms, 'at', iso(h.checked))
	from speaker_here h where h.person = in_person and h.checked is not null
$$;

-- Somebody's sessions: where they have a talk, or stand by. A talk that somebody else stands in for is not theirs any more.
create or replace function board_sessions(in_conference uuid, in_person uuid) returns setof uuid
language sql stable as $$
	select distinct t.session from speaker s join talk_speaker ts on ts.speaker = s.id join talk t on t.id = ts.talk
	where s.conference = in_conference and s.person = in_person
	union
	select x.session from abstract a cross join lateral board_presenter(in_conference, a.id) w
		join lateral (select a.session where a.session is not null
			union all
			select distinct y.session from abstract y join published p on p.session = y.session
			where a.session is null and y.conference = in_conference and y.outcome = 'talk') x(session) on true
	where a.conference = in_conference and a.outcome = 'standby'
		and (a.person = in_person or exists (select from abstract_author u join person q on q.email = u.email
			where u.abstract = a.id and u.presents and q.id = in_person))
		and w.person = in_person
$$;

-- Only boards of this day hear of it; nobody has the others open.
create or replace function presence_events(in_conference uuid, in_person uuid) returns ev[]
language sql stable as $$
	select coalesce(array_agg(row('board:' || s || ':mod', 'board.presence', json_build_object('session', s, 'person', in_person,
		'in_building', board_inside(in_conference, in_person), 'online', board_online(in_person), 'check', board_check(in_person)))::ev
		order by s), '{}')
	from board_sessions(in_conference, in_person) s
	where exists (select from published p, plenum_now(in_conference) as at
		where p.conference = in_conference and p.session = s and not p.cancelled
			and p.during && tstzrange(at - interval '12 hours', at + interval '24 hours'))
$$;

-- The door is not made to wait for a board: work that is due at once tells it. Most who come in speak nowhere.
create or replace function admission_tell() returns trigger
language plpgsql as $$
begin
	if exists (select from speaker s where s.person = new.person)
		or exists (select from abstract a where a.conference = new.conference and a.outcome = 'standby')
			and exists (select from board_sessions(new.conference, new.person))
	then
		insert into due as d (conference, kind, subject, at) values (new.conference, 'board_door', new.person::text, now())
		on conflict on constraint due_once do update set at = least(d.at, excluded.at);
	end if;
	return null;
end $$;

create or replace trigger admission_tell after insert or update of left_at, undone on admission
	for each row execute function admission_tell();

create or replace function due_board_door(in_conference uuid, in_subject text) returns void
language plpgsql as $$
begin
	perform channel_append(in_conference, presence_events(in_conference, in_subject::uuid));
end $$;

-- talk.here and talk.check. Own ids: the caller. speaks: there is something to be there for, so that others need not call again.
create or replace function board_here(in_conference uuid, in_person uuid, in_leave boolean, in_camera text, in_microphone text, in_delay int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	was speaker_here;
	checks boolean := in_camera is not null or in_microphone is not null or in_delay is not null;
	evs ev[] := '{}';
begin
	if in_person is null or not exists (select from board_sessions(in_conference, in_person)) then
		return query select with_positions(json_build_object('speaks', false), '{}'), null::text, null::json;
		return;
	end if;
	-- The work that notices silence is locked before the row, as the work itself does.
	insert into due (conference, kind, subject, at)
	values (in_conference, 'board_here', in_person::text, now() + interval '75 seconds')
	on conflict on constraint due_once do update set at = excluded.at;
	select * into was from speaker_here h where h.person = in_person for update;
	insert into speaker_here as h (person, conference, told, camera, microphone, delay_ms, checked)
	values (in_person, in_conference, not in_leave, in_camera, in_microphone, in_delay, case when checks then now() end)
	on conflict on constraint speaker_here_once do update set seen = now(), told = not in_leave,
		camera = case when checks then excluded.camera else h.camera end,
		microphone = case when checks then excluded.microphone else h.microphone end,
		delay_ms = case when checks then excluded.delay_ms else h.delay_ms end, checked = coalesce(excluded.checked, h.checked);
	if checks or (coalesce(was.told, false) and was.seen > now() - interval '70 seconds') = in_leave then
		evs := presence_events(in_conference, in_person);
	end if;
	return query select write_done(in_conference, in_person, null, null, json_build_object('speaks', true, 'again_s', 25), evs),
		null::text, null::json;
end $$;

create or replace function due_board_here(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	h speaker_here;
begin
	select * into h from speaker_here x where x.person = in_subject::uuid for update;
	if not coalesce(h.told, false) then
		return;
	elsif h.seen > now() - interval '70 seconds' then
		insert into due (conference, kind, subject, at) values (in_conference, 'board_here', in_subject, h.seen + interval '75 seconds')
		on conflict on constraint due_once do nothing;
		return;
	end if;
	update speaker_here x set told = false where x.person = h.person;
	perform channel_append(in_conference, presence_events(in_conference, h.person));
end $$;

-- Called by registration.switch_mode in its own transaction, when the person's new mode stands: their talks are remote now, or are not.
create or replace function talk_switched(in_conference uuid, in_person uuid, in_mode text) returns ev[]
language plpgsql as $$
declare
	s uuid;
	evs ev[] := '{}';
begin
	update abstract a set mode = in_mode
	from talk t join talk_speaker ts on ts.talk = t.id join speaker p on p.id = ts.speaker
	where t.conference = in_conference and p.person = in_person and a.id = t.abstract and t.ended is null and a.mode <> in_mode;
	for s in
		select distinct t.session from speaker p join talk_speaker ts on ts.speaker = p.id join talk t on t.id = ts.talk
		where p.conference = in_conference and p.person = in_person and t.ended is null order by 1
	loop
		evs := board_told(in_conference, s, evs);
		evs := evs || row('board:' || s || ':mod', 'board.switched', json_build_object('session', s, 'person', in_person, 'mode', in_mode))::ev;
	end loop;
	return evs;
end $$;

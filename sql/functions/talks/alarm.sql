-- Three quarters of an hour before a session: whoever is to speak and is neither in the building nor online.

-- When a board begins to ask who is there: of the slot that runs or comes. Null: it is not in the programme, or over.
create or replace function board_alarm_at(in_conference uuid, in_session uuid, in_at timestamptz) returns timestamptz
language sql stable as $$
	select coalesce(p.started, p.expected_start, p.starts) - interval '45 minutes'
	from board_slot(in_conference, in_session, in_at) p
	where p.ended is null and greatest(p.ends, p.expected_end) > in_at or p.started is not null and p.ended is null
$$;

-- Only of speakers who have a person here can it be known; from when it is asked until their talk begins.
create or replace function board_alarms(in_conference uuid, in_session uuid, in_at timestamptz) returns json
language sql stable as $$
	select coalesce(json_agg(json_build_object('talk', t.id, 'person', w.person, 'name', w.name) order by t.ord), '[]')
	from talk t cross join lateral talk_presenter(t.id) w
	where t.conference = in_conference and t.session = in_session and t.started is null and t.ended is null and t.ready is null
		and w.person is not null and not exists (select from talk o where o.stands_for = t.id)
		and board_alarm_at(in_conference, in_session, in_at) <= in_at
		and not board_inside(in_conference, w.person) and not board_online(w.person)
$$;

-- Of the session's next slot. An expected start that moves is found when the job looks: it comes back then.
create or replace function board_watch(in_conference uuid, in_session uuid) returns void
language sql as $$
	insert into due as d (conference, kind, subject, at)
	select in_conference, 'board_alarm', in_session::text,
		greatest(min(coalesce(x.starts, lower(p.during))) - interval '45 minutes' - min(c.clock_offset), now())
	from published p join conference c on c.id = p.conference left join expected x on x.slot = p.slot
	where p.conference = in_conference and p.session = in_session and not p.cancelled and p.ended is null and p.started is null
		and upper(p.during) > now() + c.clock_offset
	having count(*) > 0
	on conflict on constraint due_once do update set at = least(d.at, excluded.at)
$$;

create or replace function board_watch_all(in_conference uuid) returns void
language sql as $$
	select board_watch(in_conference, s) from (
		select distinct p.session as s from published p where p.conference = in_conference and not p.cancelled and p.ended is null
		order by 1) x
$$;

create or replace function published_watch() returns trigger
language plpgsql as $$
begin
	if exists (select from talk t join talk_speaker ts on ts.talk = t.id where t.session = new.session) then
		perform board_watch(new.conference, new.session);
	end if;
	return null;
end $$;

create or replace trigger published_watch after insert or update of during, cancelled, session on published
	for each row execute function published_watch();

create or replace function due_board_alarm(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	clock timestamptz := plenum_now(in_conference);
	from_when timestamptz := board_alarm_at(in_conference, in_subject::uuid, clock);
	missing json;
	data json;
begin
	-- A second early is on time: the clock of the conference was read apart from that of the work.
	if from_when is null or from_when > clock + interval '1 second' then
		perform board_watch(in_conference, in_subject::uuid);
		return;
	end if;
	missing := board_alarms(in_conference, in_subject::uuid, greatest(clock, from_when));
	if json_array_length(missing) > 0 then
		data := json_build_object('session', in_subject, 'title', (select s.title from session s where s.id = in_subject::uuid), 'missing', missing,
			'standby', (select json_build_object('abstract', y.abstract, 'title', y.title, 'name', y.name, 'rank', y.rank)
				from board_standby(in_conference, in_subject::uuid) y limit 1));
		-- And those who run it, whatever page they have open.
		perform channel_append(in_conference, array[row('board:' || in_subject || ':mod', 'board.alarm', data)::ev]
			|| array(select row('person:' || a, 'board.alarm', data)::ev from desk_audience(in_conference, in_subject::uuid, 1) a order by a));
	end if;
end $$;

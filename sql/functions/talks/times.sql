-- When the talks of a session are planned and expected, and how far they reach beyond its slot.

-- Its published slot, as talk_slot chooses it, with what is expected of it. No row: it is not in the programme.
create or replace function board_slot(in_conference uuid, in_session uuid, in_at timestamptz)
returns table (slot uuid, room uuid, starts timestamptz, ends timestamptz, started timestamptz, ended timestamptz, added int,
	expected_start timestamptz, expected_end timestamptz)
language sql stable as $$
	select p.slot, p.room, lower(p.during), upper(p.during), p.started, p.ended, p.added, x.starts, x.ends
	from talk_slot(in_conference, in_session, in_at) s join published p on p.slot = s.slot left join expected x on x.slot = p.slot
$$;

-- Seconds a talk has been held up by interposed questions.
create or replace function talk_halt(t talk, in_at timestamptz) returns int
language sql stable as $$
	select t.halted_s + coalesce(greatest(0, floor(extract(epoch from in_at - t.halted))::int), 0)
$$;

-- What has not been given a time of its own shares what the others leave of the slot. Who stands in has the place, and the time, of the one
-- who did not come.
create or replace function board_share(in_conference uuid, in_session uuid, in_length int) returns int
language sql stable as $$
	select greatest(30, (in_length - coalesce(sum(t.allotted), 0)) / greatest(1, count(*) filter (where t.allotted is null)))::int
	from talk t
	where t.conference = in_conference and t.session = in_session and not exists (select from talk o where o.stands_for = t.id)
$$;

-- One after the other: what is on goes on for as long as it has, what waits begins when the one before it is over, and who did not come
-- takes no time. Before anything has begun it is the plan, moved with the slot.
create or replace function board_times(in_conference uuid, in_session uuid, in_at timestamptz)
returns table (talk uuid, allotted int, planned_start timestamptz, planned_end timestamptz, starts timestamptz, ends timestamptz)
language plpgsql stable as $$
#variable_conflict use_column
declare
	place record;
	t talk;
	share int;
	plan timestamptz;
	free timestamptz;
	begun boolean := exists (select from talk x where x.conference = in_conference and x.session = in_session and x.started is not null);
begin
	select * into place from board_slot(in_conference, in_session, in_at);
	if place.slot is null then
		return;
	end if;
	share := board_share(in_conference, in_session, extract(epoch from place.ends - place.starts)::int);
	plan := place.starts;
	free := coalesce(place.started, place.expected_start, place.starts);
	for t in select x.* from talk x where x.conference = in_conference and x.session = in_session order by x.ord loop
		talk := t.id;
		allotted := coalesce(t.allotted, share);
		planned_start := null;
		planned_end := null;
		starts := null;
		ends := null;
		if not exists (select from talk x where x.stands_for = t.id) then
			planned_start := plan;
			plan := plan + make_interval(secs => allotted);
			planned_end := plan;
		end if;
		if t.no_show is null then
			starts := coalesce(t.started, case when begun and place.ended is null then greatest(free, in_at) else free end);
			ends := starts + make_interval(secs => greatest(0, allotted + t.added)
				+ case when t.started is not null then talk_halt(t, in_at) else 0 end);
			ends := coalesce(t.ended, case when t.started is not null then greatest(ends, in_at) else ends end);
			free := greatest(free, ends);
		end if;
		return next;
	end loop;
end $$;

-- Whole minutes by which the talks of a slot that is on will reach beyond its own end. None, where nobody runs them one by one: nothing
-- has begun, or what is on has been over for so long that somebody forgot to say so.
create or replace function board_overrun(p published, in_at timestamptz) returns int
language plpgsql stable as $$
declare
	last timestamptz;
	on_now talk;
	waited timestamptz;
	own_end timestamptz := greatest(upper(p.during), p.started + least(upper(p.during) - lower(p.during),
		make_interval(secs => p.min_s))) + make_interval(secs => p.added);
begin
	if p.started is null or p.ended is not null or p.cancelled
		or (select count(*) from talk t where t.conference = p.conference and t.session = p.session) < 2
	then
		return 0;
	end if;
	select * into on_now from talk t
	where t.conference = p.conference and t.session = p.session and t.started is not null and t.ended is null limit 1;
	select max(t.ended) into waited from talk t where t.conference = p.conference and t.session = p.session;
	if on_now.id is null and coalesce(waited < in_at - interval '10 minutes', true) then
		return 0;
	end if;
	select max(x.ends) into last from board_times(p.conference, p.session, in_at) x;
	if on_now.id is not null and on_now.halted is null and (select in_at - x.starts > 2 * make_interval(secs => greatest(600, x.allotted
		+ on_now.added)) + make_interval(secs => on_now.halted_s) from board_times(p.conference, p.session, in_at) x where x.talk = on_now.id)
	then
		return 0;
	end if;
	return greatest(0, floor(extract(epoch from last - own_end) / 60) * 60);
end $$;

-- When time alone will move the talks of a slot that is on: where the one that is on has had its time, and each minute after that.
create or replace function board_next(p published, in_at timestamptz) returns timestamptz
language plpgsql stable as $$
declare
	on_now record;
begin
	if p.started is null or p.ended is not null or p.cancelled
		or (select count(*) from talk t where t.conference = p.conference and t.session = p.session) < 2
	then
		return null;
	end if;
	select x.ends, t.halted into on_now from talk t
		join board_times(p.conference, p.session, in_at) x on x.talk = t.id
	where t.conference = p.conference and t.session = p.session and t.started is not null and t.ended is null limit 1;
	if on_now.ends > in_at and on_now.halted is null then
		return on_now.ends;
	elsif on_now.ends is not null or exists (select from talk t where t.conference = p.conference and t.session = p.session
		and t.ended > in_at - interval '10 minutes')
	then
		return in_at + interval '1 minute';
	end if;
	return null;
end $$;

-- Places: who means to take which, and whether there is one more.

-- Whoever decides holds this row; it is the first lock after the conference's own.
create or replace function selection_lock(in_conference uuid) returns selection
language plpgsql as $$
declare
	held selection;
begin
	insert into selection (conference) values (in_conference) on conflict on constraint selection_once do nothing;
	select * into held from selection s where s.conference = in_conference for update;
	return held;
end $$;

-- What holds for each submitted abstract once everything staged is applied. Who did not come to speak takes no place any more: somebody else
-- may stand there.
create or replace function decision_meant(in_conference uuid)
returns table (abstract uuid, number int, outcome text, session uuid, rank int, staged boolean)
language sql stable as $$
	select a.id, a.number, coalesce(d.outcome, a.outcome), case when d.outcome is not null then d.session when t.id is null then a.session end,
		case when d.outcome is null then a.rank else d.rank end, d.outcome is not null
	from abstract a left join decision d on d.abstract = a.id left join talk t on t.abstract = a.id and t.no_show is not null
	where a.conference = in_conference and a.state = 'submitted'
$$;

-- Places of a session of short talks, or with null those of posters; left null: nobody counts them. Without `except`.
create or replace function places_left(in_conference uuid, in_session uuid, except_abstract uuid, out places int, out taken int)
language plpgsql stable as $$
begin
	if in_session is null then
		select s.posters into places from selection s where s.conference = in_conference;
		select count(*) into taken from decision_meant(in_conference) m where m.outcome = 'poster' and m.abstract is distinct from except_abstract;
	else
		select s.places into places from session s where s.id = in_session and s.conference = in_conference;
		select count(*) into taken from decision_meant(in_conference) m
		where m.outcome = 'talk' and m.session = in_session and m.abstract is distinct from except_abstract;
	end if;
end $$;

-- Why an abstract cannot be meant to have this outcome. Null: it can. Asked with the selection's row held.
create or replace function decision_refusal(in_conference uuid, in_abstract uuid, in_outcome text, in_session uuid,
	out fault text, out current json)
language plpgsql stable as $$
declare
	p record;
begin
	if in_session is not null and not exists (select from session s where s.id = in_session and s.conference = in_conference
			and s.places is not null) or in_outcome = 'talk' and in_session is null
		or in_session is not null and in_outcome not in ('talk', 'standby')
	then
		fault := 'selection.session';
		current := json_build_object('session', in_session);
		return;
	end if;
	if in_outcome in ('talk', 'poster') then
		select * into p from places_left(in_conference, in_session, in_abstract) x;
		if p.taken >= p.places then
			fault := 'selection.full';
			current := json_build_object('session', in_session, 'places', p.places, 'taken', p.taken);
		end if;
	end if;
end $$;

-- Everything that has more in it than places, as it will be once all is applied: capacity may have changed since it was staged.
create or replace function selection_over(in_conference uuid) returns json
language sql stable as $$
	select coalesce(json_agg(json_build_object('session', x.session, 'places', x.places, 'taken', x.taken) order by x.title), '[]')
	from (
		select s.id as session, s.title, coalesce(s.places, 0) as places, count(*) as taken
		from decision_meant(in_conference) m join session s on s.id = m.session
		where m.outcome = 'talk' group by s.id having count(*) > coalesce(s.places, 0)
		union all
		-- Its session is gone.
		select null, '', 0, count(*) from decision_meant(in_conference) m
		where m.outcome = 'talk' and m.session is null and m.staged having count(*) > 0
		union all
		select null, null, max(s.posters), count(*) from decision_meant(in_conference) m join selection s on s.conference = in_conference
		where m.outcome = 'poster' having count(*) > max(s.posters)
	) x
$$;

-- How long an offer made now is open: to the end of that day where the conference is held, and not beyond its beginning as long as that
-- leaves two hours.
create or replace function selection_until(in_conference uuid, in_days int) returns timestamptz
language sql stable as $$
	select least(((n.now at time zone c.zone)::date + in_days + time '23:59') at time zone c.zone,
		greatest(c.starts::timestamp at time zone c.zone, n.now + interval '2 hours'))
	from conference c cross join lateral (select plenum_now(c.id) as now) n where c.id = in_conference
$$;

-- decision.capacity: how many short talks a session takes; null: it takes none.
create or replace function decision_capacity(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_session uuid, in_places int,
	in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held selection := selection_lock(in_conference);
	p record;
begin
	if not exists (select from session s where s.id = in_session and s.conference = in_conference) then
		return;
	end if;
	select * into p from places_left(in_conference, in_session, null) x;
	if held.version <> in_expect then
		return query select null::text, 'conflict', selection_terms(held);
		return;
	elsif p.taken > coalesce(in_places, 0) then
		return query select null::text, 'selection.full', json_build_object('session', in_session, 'places', in_places, 'taken', p.taken);
		return;
	end if;
	update session s set places = in_places where s.id = in_session and s.conference = in_conference;
	update selection s set version = s.version + 1 where s.conference = in_conference returning * into held;
	insert into decision_log (conference, at, actor, what, session, note)
	values (in_conference, plenum_now(in_conference), in_actor, 'capacity', in_session,
		format('places: %s → %s', coalesce(p.places::text, '–'), coalesce(in_places::text, '–')));
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('session', in_session, 'places', in_places, 'version', held.version),
		array[row('selection', 'selection.changed', selection_terms(held))::ev]), null::text, null::json;
end $$;

create or replace function selection_terms(s selection) returns json
language sql stable as $$
	select json_build_object('posters', s.posters, 'answer_days', s.answer_days, 'standby_days', s.standby_days, 'round', s.round,
		'version', s.version)
$$;

-- decision.terms: the posters' number (null: nobody counts them) and how long offers are open.
create or replace function decision_terms(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_posters int, in_answer int,
	in_standby int, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held selection := selection_lock(in_conference);
	p record;
begin
	select * into p from places_left(in_conference, null, null) x;
	if held.version <> in_expect then
		return query select null::text, 'conflict', selection_terms(held);
		return;
	elsif p.taken > in_posters then
		return query select null::text, 'selection.full', json_build_object('session', null, 'places', in_posters, 'taken', p.taken);
		return;
	end if;
	update selection s set posters = in_posters, answer_days = in_answer, standby_days = in_standby, version = s.version + 1
	where s.conference = in_conference returning * into held;
	insert into decision_log (conference, at, actor, what, note)
	values (in_conference, plenum_now(in_conference), in_actor, 'capacity',
		format('posters: %s → %s', coalesce(p.places::text, '–'), coalesce(in_posters::text, '–')));
	return query select write_done(in_conference, in_actor, in_key, in_hash, selection_terms(held),
		array[row('selection', 'selection.changed', selection_terms(held))::ev]), null::text, null::json;
end $$;

-- What the committee means: staged, taken back, and ranked.

create or replace function decision_shown(in_conference uuid, in_abstract uuid) returns json
language sql stable as $$
	select json_build_object('abstract', a.id, 'version', coalesce(d.version, 0), 'staged', case when d.outcome is not null then
			json_build_object('outcome', d.outcome, 'session', d.session, 'rank', d.rank, 'note', d.note, 'by', p.name, 'at', iso(d.at)) end,
		'outcome', a.outcome, 'session', a.session, 'rank', a.rank)
	from abstract a left join decision d on d.abstract = a.id left join person p on p.id = d.by_person
	where a.conference = in_conference and a.id = in_abstract
$$;

-- Writes what is meant with its line in the log. What is in force anyway is nothing to be decided.
create or replace function decision_put(in_conference uuid, in_actor uuid, in_abstract uuid, in_what text, in_outcome text, in_session uuid,
	in_rank int, in_note text) returns ev
language plpgsql as $$
declare
	instant timestamptz := plenum_now(in_conference);
	was record;
	same boolean;
begin
	select m.* into was from decision_meant(in_conference) m where m.abstract = in_abstract;
	select in_outcome is null or (a.outcome, a.session, a.rank) is not distinct from (in_outcome, in_session, in_rank) into same
	from abstract a where a.id = in_abstract;
	insert into decision as d (abstract, conference, outcome, session, rank, note, by_person, at)
	values (in_abstract, in_conference, case when not same then in_outcome end, case when not same then in_session end,
		case when not same then in_rank end, case when same then '' else coalesce(in_note, '') end, in_actor, instant)
	on conflict on constraint decision_once do update set outcome = excluded.outcome, session = excluded.session, rank = excluded.rank,
		note = case when in_note is null and not same then d.note else excluded.note end, by_person = in_actor, at = instant,
		version = d.version + 1;
	insert into decision_log (conference, at, actor, abstract, what, outcome, session, rank, was_outcome, was_session, was_rank, note)
	values (in_conference, instant, in_actor, in_abstract, case when in_outcome is null then 'unstage' else in_what end, in_outcome,
		in_session, in_rank, was.outcome, was.session, was.rank, coalesce(in_note, ''));
	return row('selection', 'decision.staged', decision_shown(in_conference, in_abstract))::ev;
end $$;

-- A place in a standby list is made free: who has it goes one down, and so on up to the first gap.
create or replace function standby_shift(in_conference uuid, in_actor uuid, in_session uuid, in_rank int, except_abstract uuid) returns ev[]
language plpgsql as $$
declare
	evs ev[] := '{}';
	last int := in_rank;
	one record;
begin
	while exists (select from decision_meant(in_conference) m where m.outcome = 'standby' and m.session is not distinct from in_session
		and m.rank = last and m.abstract <> except_abstract)
	loop
		last := last + 1;
	end loop;
	for one in
		select m.abstract, m.rank from decision_meant(in_conference) m
		where m.outcome = 'standby' and m.session is not distinct from in_session and m.rank >= in_rank and m.rank < last
			and m.abstract <> except_abstract
		order by m.rank desc, m.number desc
	loop
		evs := evs || decision_put(in_conference, in_actor, one.abstract, 'shift', 'standby', in_session, one.rank + 1, null);
	end loop;
	return evs;
end $$;

-- The rank it has in that list, or the last one of it.
create or replace function standby_rank(in_conference uuid, in_abstract uuid, in_session uuid) returns int
language sql stable as $$
	select coalesce(max(m.rank) filter (where m.abstract = in_abstract), max(m.rank) + 1, 1)
	from decision_meant(in_conference) m where m.outcome = 'standby' and m.session is not distinct from in_session
$$;

-- decision.stage: outcome null takes back what was staged. A place is held from here on: the one who asks for one too many is refused.
create or replace function decision_stage(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_abstract uuid, in_outcome text,
	in_session uuid, in_rank int, in_note text, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held abstract;
	refused record;
	place int := in_rank;
	evs ev[] := '{}';
begin
	perform selection_lock(in_conference);
	select * into held from abstract a where a.id = in_abstract and a.conference = in_conference for no key update;
	if held.id is null then
		return;
	end if;
	if held.state <> 'submitted' then
		return query select null::text, 'selection.state', json_build_object('abstract', held.id, 'state', held.state);
		return;
	end if;
	if coalesce((select d.version from decision d where d.abstract = held.id), 0) <> in_expect then
		return query select null::text, 'conflict', decision_shown(in_conference, held.id);
		return;
	end if;
	-- Taking back may ask for a place that has been given to another since.
	select * into refused from decision_refusal(in_conference, held.id, coalesce(in_outcome, held.outcome),
		case when in_outcome is null then held.session else in_session end) r;
	if refused.fault is not null and (in_outcome is not null or refused.fault = 'selection.full') then
		return query select null::text, refused.fault, refused.current;
		return;
	end if;
	if in_outcome = 'standby' then
		place := coalesce(in_rank, standby_rank(in_conference, held.id, in_session));
		evs := standby_shift(in_conference, in_actor, in_session, place, held.id);
	end if;
	evs := evs || decision_put(in_conference, in_actor, held.id, 'stage', in_outcome, in_session, case when in_outcome = 'standby' then place end,
		in_note);
	return query select write_done(in_conference, in_actor, in_key, in_hash, decision_shown(in_conference, held.id), evs),
		null::text, null::json;
end $$;

-- decision.rest: everything submitted about which nobody has decided anything is meant to be declined. expect: how many the caller saw.
create or replace function decision_rest(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_note text, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	rest uuid[];
begin
	perform selection_lock(in_conference);
	rest := array(select m.abstract from decision_meant(in_conference) m join abstract a on a.id = m.abstract
		where m.outcome is null and a.returned is null order by m.number, m.abstract);
	if cardinality(rest) <> in_expect then
		return query select null::text, 'conflict', json_build_object('count', cardinality(rest));
		return;
	end if;
	perform decision_put(in_conference, in_actor, r, 'stage', 'declined', null, null, in_note) from unnest(rest) r;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('count', cardinality(rest)),
		array[row('selection', 'selection.changed', selection_terms(s))::ev]), null::text, null::json
	from selection s where s.conference = in_conference;
end $$;

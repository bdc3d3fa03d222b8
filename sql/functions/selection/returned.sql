-- A place comes back, and the next of the ranked standby takes it.

-- Who is next for a session: first of those ranked for it, then of those ranked for the whole conference.
create or replace function standby_next(in_conference uuid, in_session uuid) returns uuid
language sql stable as $$
	select a.id from abstract a
	where a.conference = in_conference and a.state = 'submitted' and a.outcome = 'standby'
		and (a.session = in_session or a.session is null)
	order by a.session is null, a.rank, a.number, a.id limit 1
$$;

-- A standby gets a talk of that session, at the place given or behind the others. What was meant for it besides is settled by that.
create or replace function decision_moved_up(in_conference uuid, in_actor uuid, in_abstract uuid, in_session uuid, in_ord int) returns uuid
language plpgsql as $$
declare
	was abstract;
	made uuid;
begin
	select * into was from abstract a where a.id = in_abstract for no key update;
	update abstract a set outcome = 'talk', session = in_session, rank = null, decided = plenum_now(in_conference), returned = null
	where a.id = was.id;
	made := talk_of_abstract(in_conference, was.id, in_session, in_ord);
	insert into decision as d (abstract, conference, at) values (was.id, in_conference, plenum_now(in_conference))
	on conflict on constraint decision_once do update set outcome = null, session = null, rank = null, note = '', version = d.version + 1;
	insert into decision_log (conference, at, actor, abstract, what, outcome, session, was_outcome, was_session, was_rank)
	values (in_conference, plenum_now(in_conference), in_actor, was.id, 'promote', 'talk', in_session, was.outcome, was.session, was.rank);
	return made;
end $$;

-- The place of a talk or poster was declined, has lapsed, was cancelled or withdrawn. Of a talk the next standby moves up to its place,
-- with an offer and the mail; nobody does where the committee has already given the place to another. A place that has come back once
-- comes back no second time. The caller's transaction tells the events.
create or replace function decision_returned(in_conference uuid, in_abstract uuid) returns ev[]
language plpgsql as $$
declare
	terms selection;
	was abstract;
	place record;
	room record;
	up uuid;
	expires timestamptz;
	evs ev[] := '{}';
begin
	perform from conference c where c.id = in_conference for no key update;
	terms := selection_lock(in_conference);
	select * into was from abstract a where a.id = in_abstract and a.conference = in_conference for no key update;
	if was.outcome is null or was.outcome not in ('talk', 'poster') then
		return evs;
	end if;
	select * into place from talk_free(in_conference, was.id);
	update abstract a set outcome = null, session = null, decided = null, returned = plenum_now(in_conference) where a.id = was.id;
	insert into decision_log (conference, at, abstract, what, was_outcome, was_session)
	values (in_conference, plenum_now(in_conference), was.id, case was.state when 'withdrawn' then 'withdraw' else 'return' end, was.outcome,
		was.session);
	if was.outcome = 'talk' and was.session is not null then
		select * into room from places_left(in_conference, was.session, null) x;
		up := case when room.taken < room.places then standby_next(in_conference, was.session) end;
	end if;
	if up is not null then
		perform decision_moved_up(in_conference, null, up, was.session, case when place.session = was.session then place.ord end);
		expires := selection_until(in_conference, terms.standby_days);
		perform decision_tell(in_conference, up, 'decision.talk', (select d.version from decision d where d.abstract = up),
			decision_invite(in_conference, up, expires), expires);
		perform invitation_watch(in_conference);
	end if;
	if place.session is not null or up is not null then
		evs := session_touched(in_conference, array[place.session, was.session])
			|| (select r.evs from release_talks(in_conference, null, array[place.session, was.session], '') r);
	end if;
	return evs || row('selection', 'selection.changed', selection_terms(terms))::ev || decision_events(in_conference, array[up]);
end $$;

-- A standby speaks after all, decided at the microphone: no offer and no mail, they are there. Null talk: that abstract is no standby. One
-- that has its talk in this session already keeps it.
create or replace function decision_promoted(in_conference uuid, in_actor uuid, in_abstract uuid, in_session uuid,
	out talk uuid, out evs ev[])
language plpgsql as $$
declare
	terms selection;
	was abstract;
begin
	evs := '{}';
	perform from conference c where c.id = in_conference for no key update;
	terms := selection_lock(in_conference);
	select * into was from abstract a where a.id = in_abstract and a.conference = in_conference for no key update;
	if was.outcome = 'talk' and was.session = in_session then
		select t.id into talk from talk t where t.abstract = was.id;
	elsif was.outcome = 'standby' and was.state = 'submitted'
		and exists (select from session s where s.id = in_session and s.conference = in_conference)
	then
		talk := decision_moved_up(in_conference, in_actor, was.id, in_session, null);
		evs := session_touched(in_conference, array[in_session])
			|| (select r.evs from release_talks(in_conference, in_actor, array[in_session], '') r)
			|| row('selection', 'selection.changed', selection_terms(terms))::ev || decision_events(in_conference, array[was.id]);
	end if;
end $$;

-- The same for a caller that tells nothing itself.
create or replace function decision_promote(in_conference uuid, in_abstract uuid, in_session uuid) returns uuid
language plpgsql as $$
declare
	made record;
begin
	select * into made from decision_promoted(in_conference, null, in_abstract, in_session);
	if cardinality(made.evs) > 0 then
		perform channel_append(in_conference, made.evs);
	end if;
	return made.talk;
end $$;

-- An abstract that is withdrawn gives back what it had, and nothing is meant for it any more.
create or replace function abstract_withdrawn() returns trigger language plpgsql as $$
declare
	evs ev[];
begin
	perform from conference c where c.id = new.conference for no key update;
	perform selection_lock(new.conference);
	update decision d set outcome = null, session = null, rank = null, note = '', version = d.version + 1
	where d.abstract = new.id and d.outcome is not null;
	evs := decision_returned(new.conference, new.id);
	if cardinality(evs) > 0 then
		perform decision_uninvite(new.conference, new.id);
		perform channel_append(new.conference, evs);
	end if;
	return null;
end $$;
create or replace trigger abstract_withdrawn after update of state on abstract for each row
	when (old.state = 'submitted' and new.state = 'withdrawn') execute function abstract_withdrawn();

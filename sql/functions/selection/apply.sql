-- Everything staged becomes what holds, at once: outcomes, talks, offers and mails in one transaction, or none of it.

-- What the caller has looked at: every staged decision with its version, and who is registered by a place it takes away. Null: nothing is
-- staged.
create or replace function selection_hash(in_conference uuid, out hash text, out count int)
language sql stable as $$
	select encode(sha256(convert_to(string_agg(concat_ws(' ', d.abstract, d.version, d.outcome, d.session, d.rank, r.person, r.stays), E'\n'
		order by d.abstract), 'UTF8')), 'hex'), count(*)
	from decision d join abstract a on a.id = d.abstract left join decision_registered(in_conference) r on r.abstract = d.abstract
	where d.conference = in_conference and d.outcome is not null and a.state = 'submitted'
$$;

-- One decision takes hold. The talk it had elsewhere goes, the one it has now comes; sessions says which have changed. in_said: what
-- reviewers wrote. What is logged, and that it is staged no more, is the caller's, for all of them at once.
drop function if exists decision_settle(uuid, uuid, decision, int, timestamptz);
create or replace function decision_settle(in_conference uuid, d decision, in_expires timestamptz, in_said text,
	out sessions uuid[], out mails int, out invited int)
language plpgsql as $$
declare
	was abstract;
	invitation uuid;
begin
	select * into was from abstract a where a.id = d.abstract for no key update;
	sessions := array(select t.session from talk t where t.abstract = was.id);
	if was.outcome in ('talk', 'poster') and d.outcome not in ('talk', 'poster') then
		perform decision_uninvite(in_conference, was.id);
	end if;
	if d.outcome <> 'talk' then
		perform talk_free(in_conference, was.id);
	end if;
	update abstract a set outcome = d.outcome, session = d.session, rank = d.rank, decided = plenum_now(in_conference), returned = null
	where a.id = was.id;
	if d.outcome = 'talk' then
		perform talk_of_abstract(in_conference, was.id, d.session);
		sessions := sessions || d.session;
	end if;
	-- Who has moved from one session to another was asked before.
	if d.outcome is distinct from was.outcome then
		invitation := decision_invite(in_conference, was.id, in_expires);
	end if;
	mails := decision_tell(in_conference, was.id, decision_kind(was.outcome, d.outcome), d.version, invitation, in_expires, in_said);
	invited := case when invitation is null then 0 else 1 end;
end $$;

-- An offer that holds no longer. Who has said yes and registered stays registered, unless the committee says otherwise: that is theirs.
create or replace function decision_uninvite(in_conference uuid, in_abstract uuid) returns void
language sql as $$
	update invitation i set state = 'replaced', answered = plenum_now(in_conference)
	where i.conference = in_conference and i.abstract = in_abstract and i.state = 'sent'
$$;

-- Who is registered by the place that a staged decision takes away. They stay, unless the committee says that they do not; `stays`: why they
-- stay anyway: somebody who is in the building, or was accepted for something else besides.
create or replace function decision_registered(in_conference uuid)
returns table (abstract uuid, person uuid, what text, stays text)
language plpgsql stable rows 10 as $$
#variable_conflict use_column
begin
	return query
	with taken as materialized (
		select i.id, i.person, i.abstract, i.what
		from decision d join abstract a on a.id = d.abstract join invitation i on i.abstract = a.id and i.state = 'accepted'
			join registration r on r.person = i.person and r.state = 'confirmed'
		where d.conference = in_conference and d.outcome in ('standby', 'declined') and a.outcome in ('talk', 'poster') and a.state = 'submitted'
	)
	select t.abstract, t.person, t.what, case
		when registration_inside(in_conference, t.person) then 'inside'
		when exists (select from invitation o where o.conference = in_conference and o.person = t.person and o.state = 'accepted'
			and o.id not in (select x.id from taken x) and (o.abstract is null or exists (select from abstract b
				where b.id = o.abstract and b.outcome in ('talk', 'poster')))) then 'other' end
	from taken t;
end $$;

-- Of those whom an apply shall release, who cannot be: in the building or accepted for something else by now, or not registered by that place.
create or replace function decision_kept(in_conference uuid, in_unregister text[]) returns json
language sql stable as $$
	with r as materialized (select * from decision_registered(in_conference))
	select coalesce(json_agg(json_build_object('abstract', x.id, 'name', p.name, 'stays', r.stays) order by a.number, p.name, x.id), '[]')
	from (select distinct u as id from unnest(in_unregister) u) x left join r on r.abstract::text = x.id
		left join abstract a on a.id = r.abstract left join person p on p.id = r.person
	where not exists (select from r may where may.abstract::text = x.id and may.stays is null)
$$;

-- Their registrations end as when an organiser cancels them: bed, badge and place are free, and the place is offered to the next. Doors do not
-- wait for that: whoever was let in since it was looked sends the whole statement back, and that finds who stays.
create or replace function decision_unregister(in_conference uuid, in_actor uuid, in_key uuid, people uuid[]) returns ev[]
language plpgsql as $$
declare
	who uuid;
	done record;
	evs ev[] := '{}';
begin
	foreach who in array people loop
		select * into done from registration_cancelled(in_conference, in_actor, in_key, who);
		if done.fault is not null then
			raise exception 'decision_unregister: %', done.fault using errcode = 'serialization_failure';
		end if;
		evs := evs || coalesce(done.evs, '{}');
	end loop;
	return evs;
end $$;

-- What everybody concerned is told on their own page.
create or replace function decision_events(in_conference uuid, abstracts uuid[]) returns ev[]
language sql stable as $$
	select coalesce(array_agg(row('person:' || r.person, 'decision.made',
		json_build_object('abstract', a.id, 'outcome', a.outcome))::ev order by a.number, a.id, r.person), '{}')
	from abstract a cross join lateral decision_recipients(in_conference, a.id, a.outcome) r
	where a.conference = in_conference and a.id = any (abstracts) and r.person is not null
$$;

-- decision.apply. expect: the hash that decision.preview gave. With in_release the talks also go into the programme people see;
-- in_unregister: abstracts whose presenters are registered by the place that is taken away, and shall be no longer.
drop function if exists decision_apply(uuid, uuid, uuid, bytea, text, boolean);
create or replace function decision_apply(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_expect text, in_release boolean,
	in_unregister text[] default '{}')
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	terms selection;
	staged record;
	over_full json;
	kept json;
	leaving uuid[];
	released record;
	expires timestamptz;
	one record;
	settled record;
	applied uuid[];
	sessions uuid[] := '{}';
	mails int := 0;
	invited int := 0;
	shown record;
	evs ev[];
begin
	-- Before the selection's: a release holds it, and so does who gives back a place.
	perform from conference c where c.id = in_conference for no key update;
	terms := selection_lock(in_conference);
	select * into staged from selection_hash(in_conference);
	if staged.count = 0 then
		return query select write_done(in_conference, in_actor, in_key, in_hash,
			json_build_object('applied', 0, 'noop', true), '{}'), null::text, null::json;
		return;
	end if;
	kept := decision_kept(in_conference, in_unregister);
	if staged.hash is distinct from in_expect or json_array_length(kept) > 0 then
		return query select null::text, 'conflict', json_build_object('hash', staged.hash, 'count', staged.count, 'kept', kept);
		return;
	end if;
	leaving := array(select distinct r.person from decision_registered(in_conference) r
		where r.abstract::text = any (in_unregister) and r.stays is null);
	over_full := selection_over(in_conference);
	if json_array_length(over_full) > 0 then
		return query select null::text, 'selection.full', over_full -> 0;
		return;
	end if;
	update selection s set round = s.round + 1, version = s.version + 1 where s.conference = in_conference returning * into terms;
	expires := selection_until(in_conference, terms.answer_days);
	applied := array(select d.abstract from decision d join abstract a on a.id = d.abstract
		where d.conference = in_conference and d.outcome is not null and a.state = 'submitted'
		order by d.session, a.number, a.id);
	insert into decision_log (conference, at, actor, abstract, what, round, outcome, session, rank, was_outcome, was_session, was_rank, note)
	select in_conference, plenum_now(in_conference), in_actor, a.id, 'apply', terms.round, d.outcome, d.session, d.rank, a.outcome, a.session,
		a.rank, d.note
	from unnest(applied) with ordinality x(id, n) join decision d on d.abstract = x.id join abstract a on a.id = x.id order by x.n;
	for one in
		select d, coalesce(c.said, '') as said
		from unnest(applied) with ordinality x(id, n) join decision d on d.abstract = x.id
			left join review_comments_of(in_conference, applied) c on c.abstract = x.id
		order by x.n
	loop
		select * into settled from decision_settle(in_conference, one.d, expires, one.said);
		sessions := sessions || settled.sessions;
		mails := mails + settled.mails;
		invited := invited + settled.invited;
	end loop;
	update decision d set outcome = null, session = null, rank = null, note = '', version = d.version + 1 where d.abstract = any (applied);
	perform invitation_watch(in_conference) where invited > 0;
	evs := decision_unregister(in_conference, in_actor, in_key, leaving);
	evs := evs || session_touched(in_conference, sessions) || row('selection', 'selection.changed', selection_terms(terms))::ev
		|| decision_events(in_conference, applied);
	select * into shown from release_talks(in_conference, in_actor, case when in_release then sessions else '{}' end, '');
	evs := evs || shown.evs;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('applied', cardinality(applied),
		'round', terms.round, 'mails', mails, 'invitations', invited, 'unregistered', cardinality(leaving), 'expires', iso(expires),
		'release', shown.number, 'not_released', shown.fault), evs),
		null::text, null::json;
end $$;

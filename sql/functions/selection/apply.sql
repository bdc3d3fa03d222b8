-- Everything staged becomes what holds, at once: outcomes, talks, offers and mails in one transaction, or none of it.

-- What the caller has looked at: every staged decision with its version. Null: nothing is staged.
create or replace function selection_hash(in_conference uuid, out hash text, out count int)
language sql stable as $$
	select encode(sha256(convert_to(string_agg(concat_ws(' ', d.abstract, d.version, d.outcome, d.session, d.rank), E'\n'
		order by d.abstract), 'UTF8')), 'hex'), count(*)
	from decision d join abstract a on a.id = d.abstract
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

-- An offer that holds no longer. Who has said yes and registered stays registered: that is theirs.
create or replace function decision_uninvite(in_conference uuid, in_abstract uuid) returns void
language sql as $$
	update invitation i set state = 'replaced', answered = plenum_now(in_conference)
	where i.conference = in_conference and i.abstract = in_abstract and i.state = 'sent'
$$;

-- What everybody concerned is told on their own page.
create or replace function decision_events(in_conference uuid, abstracts uuid[]) returns ev[]
language sql stable as $$
	select coalesce(array_agg(row('person:' || r.person, 'decision.made',
		json_build_object('abstract', a.id, 'outcome', a.outcome))::ev order by a.number, a.id, r.person), '{}')
	from abstract a cross join lateral decision_recipients(in_conference, a.id, a.outcome) r
	where a.conference = in_conference and a.id = any (abstracts) and r.person is not null
$$;

-- decision.apply. expect: the hash that decision.preview gave. With in_release the talks also go into the programme people see.
create or replace function decision_apply(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_expect text, in_release boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	terms selection;
	staged record;
	over_full json;
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
	if staged.hash is distinct from in_expect then
		return query select null::text, 'conflict', json_build_object('hash', staged.hash, 'count', staged.count);
		return;
	end if;
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
	evs := session_touched(in_conference, sessions) || row('selection', 'selection.changed', selection_terms(terms))::ev
		|| decision_events(in_conference, applied);
	select * into shown from release_talks(in_conference, in_actor, case when in_release then sessions else '{}' end, '');
	evs := evs || shown.evs;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('applied', cardinality(applied),
		'round', terms.round, 'mails', mails, 'invitations', invited, 'expires', iso(expires),
		'release', shown.number, 'not_released', shown.fault), evs),
		null::text, null::json;
end $$;

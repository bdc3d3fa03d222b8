-- Silencing somebody: told so (hard), or not (silent). Reversible, and logged.

-- By the question or the place at the microphones where nobody knows whose it is: then a pseudonym is muted, which is the person within
-- that session. What counted before counts on; lifted, what waits waits like any other.
drop function if exists person_mute(uuid, uuid, uuid, bytea, uuid, uuid, text);
create or replace function person_mute(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_person uuid, in_question uuid,
	in_entry uuid, in_how text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	q question;
	entry mic_entry;
	of_session uuid;
	who uuid := in_person;
	alias uuid;
	held mute;
	evs ev[] := '{}';
begin
	if in_question is not null then
		select * into q from question x where x.conference = in_conference and x.id = in_question;
		who := q.person;
		alias := q.pseudonym;
		of_session := (select t.session from talk t where t.id = q.talk);
	elsif in_entry is not null then
		select * into entry from mic_entry e where e.conference = in_conference and e.id = in_entry;
		who := entry.person;
		alias := entry.pseudonym;
		of_session := entry.session;
	end if;
	if who is null and alias is null or who is not null and not exists (select from person p where p.conference = in_conference and p.id = who) then
		return;
	end if;
	-- Those who run the questions are not silenced here: their role is taken.
	if not (case when of_session is not null then qa_may(in_conference, in_actor, of_session)
			else exists (select from role_grant g where g.conference = in_conference and g.person = in_actor and g.role in ('moderator', 'organiser')) end)
		or exists (select from role_grant g where g.conference = in_conference and g.person = who and g.role in ('moderator', 'organiser'))
	then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	-- One at a time for each: two moderators press at once.
	perform pg_advisory_xact_lock(hashtextextended('mute ' || coalesce(who, alias), 0));
	select * into held from mute m
	where m.conference = in_conference and m.lifted is null and (m.person = who or m.pseudonym = alias);
	if coalesce(held.how, 'off') <> in_how then
		update mute m set lifted = now() where m.id = held.id;
		insert into mute (conference, person, pseudonym, how, by_actor)
		select in_conference, who, alias, in_how, in_actor where in_how <> 'off';
		insert into audit (conference, actor, action, subject, detail)
		values (in_conference, in_actor, 'person.mute', coalesce(who, alias), jsonb_build_object('how', in_how, 'before', coalesce(held.how, 'off'),
			'question', in_question, 'entry', in_entry));
		if who is not null and (in_how = 'hard' or held.how = 'hard') then
			evs := array[row('person:' || who, 'person.muted', json_build_object('muted', in_how = 'hard'))::ev];
		end if;
		if in_how <> 'silent' then
			evs := evs || mute_lifted(in_conference, who, alias);
		end if;
		evs := evs || mute_at_microphones(in_conference, who, alias);
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('person', who, 'question', in_question, 'entry', in_entry, 'how', in_how, 'noop', coalesce(held.how, 'off') = in_how), evs), null::text, null::json;
end $$;

-- The desks where somebody waits to speak see the mark, or that it is gone.
create or replace function mute_at_microphones(in_conference uuid, in_person uuid, in_alias uuid) returns ev[]
language plpgsql as $$
declare
	held uuid;
	evs ev[] := '{}';
begin
	for held in
		select distinct e.session from mic_entry e
		where e.conference = in_conference and (e.person = in_person or e.pseudonym = in_alias)
			and e.state in ('waiting', 'called', 'connecting', 'heard')
		order by 1
	loop
		perform mic_hold(in_conference, held);
		evs := evs || mic_tell(in_conference, held, '{}');
	end loop;
	return evs;
end $$;

-- What waited for nobody waits now: moderators see it as any other.
create or replace function mute_lifted(in_conference uuid, in_person uuid, in_alias uuid) returns ev[]
language plpgsql as $$
declare
	evs ev[];
	talks uuid[];
begin
	with waited as materialized (
		select q as was from question q
		where q.conference = in_conference and q.muted and q.state = 'pending' and (q.person = in_person or q.pseudonym = in_alias)
		order by q.id for no key update
	), freed as (
		update question q set muted = false, version = q.version + 1
		from waited w where q.id = (w.was).id
		returning q as q, w.was
	)
	select coalesce(array_agg(e order by (f.q).id, e.channel), '{}'), array_agg(distinct (f.q).talk) into evs, talks
	from freed f, unnest(question_events(f.was, f.q, question_asker(f.q))) e;
	perform question_counts(in_conference, talks);
	return evs;
end $$;

-- Open registration, asking to be let in, and the waiting list.

-- registration.open: whoever is signed in registers themselves, or asks to be let in where that is how it is done.
create or replace function registration_open(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_mode text, in_text text,
	in_answers jsonb, in_lookup bytea, in_row_key bytea, in_sealed bytea)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	s registration_setting;
	k jsonb := cover_of(in_conference, 'open');
	wrong text;
	done record;
	evs ev[];
begin
	perform from conference c where c.id = in_conference for no key update;
	perform from person p where p.conference = in_conference and p.id = in_actor for no key update;
	s := registration_settings(in_conference);
	wrong := case
		when exists (select from registration r where r.person = in_actor and r.state = 'confirmed') then 'registration.registered'
		when s.open = 'closed' then 'registration.closed' end;
	if wrong is not null then
		return query select null::text, wrong, null::json;
		return;
	end if;
	if s.open = 'approval' then
		insert into application as a (person, conference, mode, text, asked)
		values (in_actor, in_conference, in_mode, coalesce(in_text, ''), plenum_now(in_conference))
		on conflict on constraint application_once do update set mode = excluded.mode, text = excluded.text, asked = excluded.asked
			where a.state = 'waiting';
		if not found then
			return query select null::text, 'registration.decided', null::json;
			return;
		end if;
		evs := registration_events(in_conference, array[in_actor]);
		return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('state', 'asked', 'mode', in_mode), evs),
			null::text, null::json;
		return;
	end if;
	select * into done from registration_put(in_conference, in_actor, in_mode, false, (k ->> 'fee')::boolean, (k ->> 'nights')::int, in_answers,
		null, in_lookup, in_row_key, in_sealed, in_key::text);
	if done.fault is not null then
		return query select null::text, done.fault, null::json;
		return;
	end if;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'registration.open', in_actor, jsonb_build_object('mode', in_mode));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('state', 'confirmed', 'mode', in_mode), done.evs),
		null::text, null::json;
end $$;

-- registration.answer: what one said, said again.
create or replace function registration_answer_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_answers jsonb)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	r registration;
	wrong text;
begin
	perform from conference c where c.id = in_conference for no key update;
	select * into r from registration x where x.conference = in_conference and x.person = in_actor for update;
	wrong := case when r.state is distinct from 'confirmed' then 'registration.state'
		else registration_answers_wrong(in_conference, in_actor, in_answers, r.nights) end;
	if wrong is not null then
		return query select null::text, wrong, null::json;
		return;
	end if;
	perform registration_answers_save(in_conference, in_actor, in_answers);
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('person', in_actor),
		registration_events(in_conference, array[in_actor])), null::text, null::json;
end $$;

-- registration.decide: yes is an invitation, which they answer; no comes with a reason, which their page shows.
create or replace function registration_decide(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_person uuid, in_verdict text,
	in_reason text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	a application;
begin
	select * into a from application x where x.conference = in_conference and x.person = in_person for update;
	if a.person is null then
		return;
	elsif a.state <> 'waiting' then
		return query select null::text, 'registration.decided', json_build_object('state', a.state);
		return;
	end if;
	update application x set state = case in_verdict when 'accept' then 'accepted' else 'refused' end, reason = coalesce(in_reason, ''),
		decided = plenum_now(in_conference), by_person = in_actor
	where x.person = in_person;
	if in_verdict = 'accept' then
		perform invitation_issue(in_conference, in_person, 'open', null, a.mode, null);
	end if;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'registration.decide', in_person, jsonb_build_object('verdict', in_verdict));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('person', in_person, 'verdict', in_verdict),
		registration_events(in_conference, array[in_person])), null::text, null::json;
end $$;

-- waiting.join: behind all who are there. Whoever has a place of the other mode keeps it meanwhile.
create or replace function waiting_join(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_mode text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held waiting;
	wrong text;
	evs ev[];
begin
	perform from conference c where c.id = in_conference for no key update;
	perform from person p where p.conference = in_conference and p.id = in_actor for no key update;
	select * into held from waiting w where w.conference = in_conference and w.person = in_actor;
	wrong := case
		when exists (select from registration r join person p on p.id = r.person
			where r.person = in_actor and r.state = 'confirmed' and p.mode = in_mode) then 'registration.registered'
		-- A list that only those may join who may come.
		when (registration_settings(in_conference)).open <> 'open'
			and not exists (select from registration r where r.person = in_actor and r.state = 'confirmed')
			and not exists (select from invitation i where i.conference = in_conference and i.person = in_actor and i.state = 'sent'
				and i.expires > plenum_now(in_conference)) then 'registration.closed'
		when held.invitation is not null then 'registration.offered' end;
	if wrong is not null then
		return query select null::text, wrong, null::json;
		return;
	end if;
	if held.mode is distinct from in_mode then
		delete from waiting w where w.n = held.n;
		insert into waiting (person, conference, mode, entered) values (in_actor, in_conference, in_mode, plenum_now(in_conference))
		returning * into held;
	end if;
	evs := registration_events(in_conference, array[in_actor]) || waiting_offer(in_conference);
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('mode', in_mode, 'place',
		waiting_place(held)), evs), null::text, null::json;
end $$;

-- How many stand before them, and they themselves.
create or replace function waiting_place(w waiting) returns bigint
language sql stable as $$
	select count(*) from waiting x where x.conference = w.conference and x.mode = w.mode and (x.entered, x.n) <= (w.entered, w.n)
$$;

-- waiting.leave: an offer that stands goes on to the next.
create or replace function waiting_leave(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held waiting;
begin
	perform from conference c where c.id = in_conference for no key update;
	delete from waiting w where w.conference = in_conference and w.person = in_actor returning * into held;
	if held.n is null then
		return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('noop', true), '{}'), null::text, null::json;
		return;
	end if;
	update invitation i set state = 'declined', answered = plenum_now(in_conference) where i.id = held.invitation and i.state = 'sent';
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('mode', held.mode),
		registration_events(in_conference, array[in_actor]) || waiting_offer(in_conference)), null::text, null::json;
end $$;

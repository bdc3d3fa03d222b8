-- From an offer to a registration: the place, what is covered, the answers, the roles, the code, the mail; all of it or nothing.

-- What is wrong with what the form said; null: nothing. Nights as many as are covered, near the conference, and of each as many as there are
-- beds; diet and access needs only with the consent to their keeping. The conference's row is locked by whoever asks.
create or replace function registration_answers_wrong(in_conference uuid, in_person uuid, in_answers jsonb, in_covered int) returns text
language plpgsql stable as $$
declare
	asked date[] := array(select distinct d::date from jsonb_array_elements_text(coalesce(in_answers -> 'nights', '[]')) d);
	s registration_setting := registration_settings(in_conference);
begin
	return case
		when cardinality(asked) > in_covered or exists (select from unnest(asked) d, conference c
			where c.id = in_conference and d not between c.starts - 7 and c.ends + 7) then 'registration.nights'
		when coalesce(in_answers ->> 'diet', '') || coalesce(in_answers ->> 'access', '') <> '' and coalesce(in_answers ->> 'consent', '') = ''
			then 'registration.consent'
		when s.beds is not null and exists (select from unnest(asked) d
			where (select count(*) from registration_answer a join registration r on r.person = a.person and r.state = 'confirmed'
				where a.conference = in_conference and d = any (a.nights) and a.person <> in_person) >= s.beds) then 'registration.beds' end;
end $$;

create or replace function registration_answers_save(in_conference uuid, in_person uuid, in_answers jsonb) returns void
language sql as $$
	insert into registration_answer as a (person, conference, badge_name, diet, access, nights, consent, consented)
	values (in_person, in_conference, nullif(in_answers ->> 'badge_name', ''), coalesce(in_answers ->> 'diet', ''),
		coalesce(in_answers ->> 'access', ''),
		array(select distinct d::date from jsonb_array_elements_text(coalesce(in_answers -> 'nights', '[]')) d order by 1),
		nullif(in_answers ->> 'consent', ''), case when in_answers ->> 'consent' <> '' then plenum_now(in_conference) end)
	on conflict on constraint registration_answer_once do update set badge_name = excluded.badge_name, diet = excluded.diet,
		access = excluded.access, nights = excluded.nights, saved = now(), consent = excluded.consent,
		-- The day they first agreed to these words stays.
		consented = case when a.consent = excluded.consent then a.consented else excluded.consented end
$$;

-- The roles that come with what one is invited for. Somebody with a role of their own has to be an attendee besides.
create or replace function registration_roles(in_conference uuid, in_person uuid, i invitation) returns void
language plpgsql as $$
declare
	speaks boolean := coalesce(i.what in ('talk', 'keynote', 'panel', 'standby'), false);
	chairs boolean := coalesce(i.what = 'chair' and i.session is not null, false);
begin
	if speaks or chairs or exists (select from role_grant g where g.conference = in_conference and g.person = in_person) then
		insert into role_grant (conference, person, role)
		select in_conference, in_person, r.role from (values ('attendee', true), ('speaker', speaks), ('moderator', chairs)) r (role, given)
		where r.given
		on conflict on constraint role_grant_once do nothing;
	end if;
	if chairs then
		insert into moderator_scope (conference, person, session) values (in_conference, in_person, i.session)
		on conflict on constraint moderator_scope_once do nothing;
	end if;
end $$;

-- What the confirmation's calendar file holds: the conference, by its own id, and slots of one's own talks.
create or replace function registration_slots(in_conference uuid, in_person uuid) returns uuid[]
language sql stable as $$
	select in_conference || coalesce((select array_agg(x.slot) from (
		select distinct b.slot from published b join talk t on t.session = b.session join talk_speaker ts on ts.talk = t.id
			join speaker s on s.id = ts.speaker
		where b.conference = in_conference and s.person = in_person and not b.cancelled limit 20) x), '{}')
$$;

-- Their code as it is now, made anew only when none opens the door.
create or replace function registration_code(in_conference uuid, in_person uuid, in_lookup bytea, in_row_key bytea, in_sealed bytea)
returns bytea
language plpgsql as $$
declare
	last entry_code;
begin
	select * into last from entry_code e where e.person = in_person order by e.generation desc limit 1;
	if last.person is not null and last.revoked is null and last.sealed is not null then
		return last.sealed;
	end if;
	insert into entry_code (conference, person, generation, lookup, row_key, sealed)
	values (in_conference, in_person, coalesce(last.generation, 0) + 1, in_lookup, in_row_key, in_sealed);
	return in_sealed;
end $$;

-- A place for somebody, once: the guard of every way to a registration. `held`: it is theirs already, by an offer. What the cover is grows
-- with each invitation; nights are for those who come. Asked in the order of all who count places: the conference, then the person. Nothing
-- is written before all of it is known to be right. Returns the fault, or null and what is to be told.
create or replace function registration_put(in_conference uuid, in_person uuid, in_mode text, in_held boolean, in_fee boolean,
	in_nights int, in_answers jsonb, i invitation, in_lookup bytea, in_row_key bytea, in_sealed bytea, in_dedupe text,
	out fault text, out evs ev[])
language plpgsql as $$
declare
	before text;
	r registration;
	had boolean;
	covered int;
	code bytea;
begin
	perform from conference c where c.id = in_conference for no key update;
	select p.mode into before from person p where p.conference = in_conference and p.id = in_person for no key update;
	select * into r from registration x where x.person = in_person for update;
	had := coalesce(r.state = 'confirmed', false);
	covered := case when in_mode = 'online' then 0 when had then greatest(r.nights, in_nights) else in_nights end;
	fault := case
		when not in_held and not (had and before = in_mode) and registration_left(in_conference, in_mode) <= 0 then 'registration.full'
		when had and before = 'on_site' and in_mode = 'online' and registration_inside(in_conference, in_person) then 'registration.inside'
		else registration_answers_wrong(in_conference, in_person, in_answers, covered) end;
	if fault is not null then
		return;
	end if;
	update person p set mode = in_mode where p.id = in_person and p.mode <> in_mode;
	insert into registration as x (person, conference, fee, nights) values (in_person, in_conference, in_fee, covered)
	on conflict on constraint registration_once do update set state = 'confirmed', changed = now(),
		fee = excluded.fee or (had and x.fee), nights = excluded.nights
	returning * into r;
	perform registration_answers_save(in_conference, in_person, in_answers) where in_answers is not null;
	delete from waiting w where w.conference = in_conference and w.person = in_person and w.mode = in_mode;
	perform registration_roles(in_conference, in_person, i);
	code := registration_code(in_conference, in_person, in_lookup, in_row_key, in_sealed);
	perform mail_tell(in_conference, in_person, 'registration.confirmed', in_dedupe, jsonb_build_object('mode', in_mode,
		'cover', jsonb_build_object('fee', r.fee, 'nights', r.nights), 'code', format('{code:%s}', code)),
		registration_slots(in_conference, in_person));
	evs := array[row('worker', 'role.changed', json_build_object('person', in_person))::ev]
		|| code_events(in_conference, in_person) || registration_events(in_conference, array[in_person])
		|| person_switched(in_conference, in_person, case when had then before end, in_mode) || waiting_offer(in_conference);
end $$;

-- invitation.accept. A place that was offered is held for whom it was offered to; any other needs one that is left.
create or replace function invitation_accept(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_invitation uuid,
	in_mode text, in_answers jsonb, in_lookup bytea, in_row_key bytea, in_sealed bytea)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	i invitation;
	done record;
begin
	-- In the order of all who count places: the conference, the person, the invitation.
	perform from conference c where c.id = in_conference for no key update;
	perform from person p where p.conference = in_conference and p.id = in_actor for no key update;
	select * into i from invitation x where x.conference = in_conference and x.id = in_invitation and x.person = in_actor for update;
	if i.id is null then
		return;
	end if;
	if i.state <> 'sent' or i.expires <= plenum_now(in_conference) then
		return query select null::text, case when i.state in ('sent', 'lapsed') then 'invitation.expired' else 'invitation.state' end,
			json_build_object('state', i.state, 'expires', iso(i.expires));
		return;
	end if;
	-- The place that was offered is of one mode.
	if i.what = 'waiting' then
		in_mode := i.mode;
	end if;
	select * into done from registration_put(in_conference, in_actor, coalesce(in_mode, i.mode), i.what = 'waiting', i.fee, i.nights,
		in_answers, i, in_lookup, in_row_key, in_sealed, i.id::text);
	if done.fault is not null then
		return query select null::text, done.fault, null::json;
		return;
	end if;
	update invitation x set state = 'accepted', answered = plenum_now(in_conference) where x.id = i.id;
	delete from waiting w where w.invitation = i.id;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'invitation.accept', i.id::text, jsonb_build_object('mode', coalesce(in_mode, i.mode), 'what', i.what));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('invitation', i.id, 'state', 'accepted',
		'mode', coalesce(in_mode, i.mode)), done.evs), null::text, null::json;
end $$;

-- invitation.decline: also of one that has run out and of which nobody has been told yet; it comes to the same.
create or replace function invitation_decline(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_invitation uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	i invitation;
	evs ev[];
begin
	perform from conference c where c.id = in_conference for no key update;
	select * into i from invitation x where x.conference = in_conference and x.id = in_invitation and x.person = in_actor for update;
	if i.id is null then
		return;
	end if;
	if i.state <> 'sent' then
		return query select null::text, 'invitation.state', json_build_object('state', i.state);
		return;
	end if;
	update invitation x set state = 'declined', answered = plenum_now(in_conference) where x.id = i.id;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'invitation.decline', i.id::text, jsonb_build_object('what', i.what));
	evs := invitation_ended(in_conference, i) || waiting_offer(in_conference);
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('invitation', i.id, 'state', 'declined'), evs),
		null::text, null::json;
end $$;

-- What an organiser decides of registration: whether it is open, how many there is room for, what is covered for whom; and inviting.

create or replace function registration_settings_json(in_conference uuid) returns json
language sql stable as $$
	select json_build_object('open', s.open, 'invite_days', s.invite_days, 'offer_hours', s.offer_hours, 'beds', s.beds, 'questions', to_json(s.questions),
		'version', s.version, 'seats', c.seats, 'seats_online', c.seats_online,
		'covers', (select coalesce(json_object_agg(r.what, json_build_object('fee', r.fee, 'nights', r.nights)), '{}')
			from cover_rule r where r.conference = c.id))
	from conference c cross join lateral registration_settings(c.id) s where c.id = in_conference
$$;

-- registration.settings: as the form has it, all of it at once; places that were added are offered at once.
create or replace function registration_settings_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_open text,
	in_seats int, in_online int, in_beds int, in_invite int, in_offer int, in_questions jsonb, in_covers jsonb, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
begin
	perform from conference c where c.id = in_conference for no key update;
	if (registration_settings(in_conference)).version <> in_expect then
		return query select null::text, 'conflict', registration_settings_json(in_conference);
		return;
	end if;
	update conference c set seats = in_seats, seats_online = in_online where c.id = in_conference;
	insert into registration_setting as s (conference, open, invite_days, offer_hours, beds, questions, version)
	values (in_conference, in_open, in_invite, in_offer, in_beds, array(select jsonb_array_elements_text(in_questions)), in_expect + 1)
	on conflict on constraint registration_setting_once do update set open = excluded.open, invite_days = excluded.invite_days,
		offer_hours = excluded.offer_hours, beds = excluded.beds, questions = excluded.questions, version = excluded.version;
	-- What was promised in invitations that are out stays promised.
	delete from cover_rule r where r.conference = in_conference;
	insert into cover_rule (conference, what, fee, nights)
	select in_conference, k.key, coalesce((k.value ->> 'fee')::boolean, false), coalesce((k.value ->> 'nights')::int, 0)
	from jsonb_each(in_covers) k;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'registration.settings', in_conference, registration_settings_json(in_conference)::jsonb);
	return query select write_done(in_conference, in_actor, in_key, in_hash, registration_settings_json(in_conference),
		waiting_offer(in_conference)), null::text, null::json;
end $$;

-- invitation.send: keynotes, panellists, chairs, and whoever else is to come: the same way, without an abstract. Somebody of an address we
-- do not know is made.
create or replace function invitation_send(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_email text, in_name text,
	in_what text, in_mode text, in_expires timestamptz, in_session uuid, in_language text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	who uuid;
	made uuid;
begin
	if in_expires <= plenum_now(in_conference) then
		return query select null::text, 'invitation.expired', null::json;
		return;
	elsif in_session is not null and not exists (select from session s where s.conference = in_conference and s.id = in_session) then
		return;
	end if;
	insert into person (conference, email, name, mode, language)
	values (in_conference, in_email, in_name, in_mode, coalesce(in_language, 'en'))
	on conflict on constraint person_email_once do nothing;
	select p.id into strict who from person p where p.conference = in_conference and p.email = in_email;
	made := invitation_issue(in_conference, who, in_what, null, in_mode, in_expires);
	update invitation i set session = in_session, by_person = in_actor where i.id = made;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'invitation.send', made, jsonb_build_object('person', who, 'what', in_what));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('invitation', made, 'person', who),
		registration_events(in_conference, array[who])), null::text, null::json;
end $$;

-- invitation.withdraw: an organiser takes one back that nobody has answered.
create or replace function invitation_withdraw(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_invitation uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	i invitation;
begin
	perform from conference c where c.id = in_conference for no key update;
	select * into i from invitation x where x.conference = in_conference and x.id = in_invitation for update;
	if i.id is null then
		return;
	elsif i.state <> 'sent' then
		return query select null::text, 'invitation.state', json_build_object('state', i.state);
		return;
	end if;
	update invitation x set state = 'returned', answered = plenum_now(in_conference) where x.id = i.id;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'invitation.withdraw', i.id::text, jsonb_build_object('person', i.person, 'what', i.what));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('invitation', i.id, 'state', 'returned'),
		invitation_ended(in_conference, i) || waiting_offer(in_conference)), null::text, null::json;
end $$;

-- Places that are given back: by going online, by cancelling, by handing on. What was theirs goes to the next: the place, the bed, the paper.

create or replace function registration_inside(in_conference uuid, in_person uuid) returns boolean
language sql stable as $$
	select exists (select from admission a where a.conference = in_conference and a.person = in_person and a.undone is null and a.left_at is null)
$$;

-- The bed, and the badge that nobody has printed yet: as if it had never been asked for, so that there may be a first one again.
create or replace function registration_freed(in_conference uuid, in_person uuid) returns ev[]
language plpgsql as $$
declare
	evs ev[];
begin
	update registration r set nights = 0, changed = now() where r.person = in_person and r.nights > 0;
	update registration_answer a set nights = '{}' where a.person = in_person and a.nights <> '{}';
	with gone as (
		delete from print_job j where j.conference = in_conference and j.person = in_person and j.state = 'queued' and j.batch is null
		returning j.*
	)
	select array_agg(row('badge', 'badge.changed', json_build_object('job', json_plus(badge_job(g::print_job), json_build_object('state', 'cancelled'))))::ev)
	into evs from gone g;
	return coalesce(evs, '{}');
end $$;

-- Somebody whose mode is another one now: what they had here is free, and their talks are remote on the board, or no longer. `before` null:
-- they had no place until now, but may have said elsewhere how they speak.
create or replace function person_switched(in_conference uuid, in_person uuid, in_before text, in_mode text) returns ev[]
language plpgsql as $$
declare
	evs ev[] := '{}';
begin
	if in_before = in_mode then
		return '{}';
	end if;
	if in_mode = 'online' then
		evs := registration_freed(in_conference, in_person);
	end if;
	-- Their calendars say first what they need: the link, or the room.
	with turned as (
		update feed f set place = case in_mode when 'online' then 'link' else 'room' end
		where f.conference = in_conference and f.person = in_person and f.revoked is null
			and f.place <> case in_mode when 'online' then 'link' else 'room' end
		returning f.id
	)
	select evs || coalesce(array_agg(feed_changed(t.id)), '{}') into evs from turned t;
	return evs || coalesce(talk_switched(in_conference, in_person, in_mode), '{}');
end $$;

-- Told to whoever changed by their own page or by staff; at most once a change.
create or replace function registration_switched_mail(in_conference uuid, in_person uuid, in_key uuid, in_mode text) returns void
language sql as $$
	select mail_tell(in_conference, in_person, 'registration.switched', coalesce(in_key, gen_random_uuid())::text,
		jsonb_build_object('mode', in_mode))
$$;

-- A registration is cancelled. Their codes open nothing; what they would have held goes back to those who decide. No fault and no events: there
-- is no registration.
create or replace function registration_cancelled(in_conference uuid, in_actor uuid, in_key uuid, in_person uuid, out fault text, out evs ev[])
language plpgsql as $$
declare
	r registration;
	i invitation;
begin
	perform from conference c where c.id = in_conference for no key update;
	perform from person p where p.conference = in_conference and p.id = in_person for no key update;
	select * into r from registration x where x.conference = in_conference and x.person = in_person for update;
	if r.person is null then
		return;
	elsif r.state <> 'confirmed' then
		fault := 'registration.state';
		return;
	elsif registration_inside(in_conference, in_person) then
		fault := 'registration.inside';
		return;
	end if;
	evs := registration_freed(in_conference, in_person);
	update registration x set state = 'cancelled', fee = false, changed = now() where x.person = in_person;
	delete from role_grant g where g.conference = in_conference and g.person = in_person and g.role in ('attendee', 'speaker');
	perform mail_tell(in_conference, in_person, 'registration.cancelled', in_key::text, '{}'::jsonb);
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'registration.cancel', in_person, jsonb_build_object('own', in_actor = in_person));
	evs := evs || array[row('worker', 'role.changed', json_build_object('person', in_person))::ev]
		|| code_events(in_conference, in_person) || registration_events(in_conference, array[in_person]);
	for i in select x.* from invitation x where x.conference = in_conference and x.person = in_person and x.state in ('accepted', 'sent')
		order by x.issued, x.id for update
	loop
		update invitation x set state = 'returned', answered = coalesce(x.answered, plenum_now(in_conference)) where x.id = i.id;
		evs := evs || invitation_ended(in_conference, i);
	end loop;
	evs := evs || waiting_offer(in_conference);
end $$;

-- registration.cancel, by themselves or by staff.
create or replace function registration_cancel(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_person uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	done record;
begin
	select * into done from registration_cancelled(in_conference, in_actor, in_key, in_person);
	if done.fault is not null then
		return query select null::text, done.fault, null::json;
	elsif done.evs is not null then
		return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('person', in_person, 'state', 'cancelled'),
			done.evs), null::text, null::json;
	end if;
end $$;

-- registration.substitute: somebody else comes instead. The place, what is covered and the talk go with it, in the programme at once; what
-- the first one answered of themselves does not. Their codes become theirs who comes, under a newer one: at the door the old one is superseded.
create or replace function registration_substitute(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_person uuid,
	in_email text, in_name text, in_lookup bytea, in_row_key bytea, in_sealed bytea)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	giver person;
	heir person;
	wrong text;
	spoken ev[];
begin
	perform from conference c where c.id = in_conference for no key update;
	select * into giver from person p where p.conference = in_conference and p.id = in_person for no key update;
	if giver.id is null then
		return;
	end if;
	insert into person (conference, email, name, mode, language) values (in_conference, in_email, in_name, giver.mode, giver.language)
	on conflict on constraint person_email_once do nothing;
	select * into strict heir from person p where p.conference = in_conference and p.email = in_email for no key update;
	wrong := case
		when not exists (select from registration r where r.person = giver.id and r.state = 'confirmed') then 'registration.state'
		when exists (select from registration r where r.person = heir.id and r.state = 'confirmed') then 'registration.registered'
		when registration_inside(in_conference, giver.id) then 'registration.inside' end;
	if wrong is not null then
		return query select null::text, wrong, null::json;
		return;
	end if;
	perform registration_moved(in_conference, giver, heir);
	spoken := registration_speaks(in_conference, giver, heir);
	insert into entry_code (conference, person, generation, lookup, row_key, sealed)
	select in_conference, heir.id, coalesce(max(e.generation), 0) + 1, in_lookup, in_row_key, in_sealed
	from entry_code e where e.person = heir.id;
	perform mail_tell(in_conference, giver.id, 'registration.substituted', in_key::text,
		jsonb_build_object('by', heir.name));
	perform mail_tell(in_conference, heir.id, 'registration.confirmed', in_key::text, jsonb_build_object('mode', giver.mode,
		'cover', (select jsonb_build_object('fee', r.fee, 'nights', r.nights) from registration r where r.person = heir.id),
		'code', format('{code:%s}', in_sealed)), registration_slots(in_conference, heir.id));
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'registration.substitute', giver.id, jsonb_build_object('by', heir.id));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('person', giver.id, 'by', heir.id),
		array[row('worker', 'role.changed', json_build_object('person', giver.id))::ev,
			row('worker', 'role.changed', json_build_object('person', heir.id))::ev]
		|| code_events(in_conference, heir.id) || registration_events(in_conference, array[giver.id, heir.id]) || spoken), null::text, null::json;
end $$;

-- Talks that nobody has begun are the heir's, under their name and without the other's biography: in the draft, and for what is published
-- already in a release of its own. What has been given stays with who gave it. The conference's row is held.
create or replace function registration_speaks(in_conference uuid, giver person, heir person) returns ev[]
language plpgsql as $$
declare
	mine speaker;
	theirs speaker;
	moved uuid[];
	sessions uuid[] := '{}';
	evs ev[] := '{}';
begin
	for mine in select s.* from speaker s where s.conference = in_conference and s.person = giver.id order by s.id for no key update loop
		moved := array(select t.id from talk_speaker ts join talk t on t.id = ts.talk
			where ts.speaker = mine.id and t.started is null order by t.id);
		continue when cardinality(moved) = 0;
		if theirs.id is null then
			select * into theirs from speaker s where s.conference = in_conference and s.person = heir.id order by s.id limit 1;
		end if;
		if theirs.id is null then
			insert into speaker (conference, guid, name, person) values (in_conference, gen_random_uuid()::text, heir.name, heir.id)
			returning * into theirs;
			evs := evs || draft_ev('speaker.saved', speaker_draft(theirs));
		end if;
		delete from talk_speaker ts using talk_speaker beside
		where ts.speaker = mine.id and ts.talk = any (moved) and beside.talk = ts.talk and beside.speaker = theirs.id;
		update talk_speaker ts set speaker = theirs.id where ts.speaker = mine.id and ts.talk = any (moved);
		sessions := sessions || array(select distinct t.session from talk t where t.id = any (moved));
	end loop;
	if cardinality(sessions) > 0 then
		evs := evs || session_touched(in_conference, sessions) || (select r.evs from release_talks(in_conference, null, sessions, '') r);
	end if;
	return evs;
end $$;

-- What goes with a place from one person to another.
create or replace function registration_moved(in_conference uuid, giver person, heir person) returns void
language plpgsql as $$
declare
	older int := (select coalesce(max(e.generation), 0) from entry_code e where e.person = heir.id);
begin
	delete from registration_answer a where a.person = giver.id;
	delete from print_job j where j.conference = in_conference and j.person = giver.id and j.state = 'queued' and j.batch is null;
	delete from registration r where r.person = heir.id;
	update registration r set person = heir.id, changed = now() where r.person = giver.id;
	update person p set mode = giver.mode, category = coalesce(p.category, giver.category) where p.id = heir.id;
	-- Codes of a cancelled registration of the heir's stay below.
	update entry_code e set person = heir.id, generation = older + e.generation, changed = clock_timestamp() where e.person = giver.id;
	insert into role_grant (conference, person, role)
	select in_conference, heir.id, g.role from role_grant g where g.person = giver.id and g.role in ('attendee', 'speaker')
	on conflict on constraint role_grant_once do nothing;
	delete from role_grant g where g.person = giver.id and g.role in ('attendee', 'speaker');
	update invitation i set person = heir.id where i.person = giver.id and i.state = 'accepted';
	delete from waiting w where w.person in (heir.id, giver.id);
end $$;

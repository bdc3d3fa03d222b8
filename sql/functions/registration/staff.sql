-- People as staff look for them, correct them, and write to them again.

-- One of a list.
create or replace function person_row(p person) returns json
language sql stable as $$
	select json_strip_nulls(json_build_object('id', p.id, 'name', p.name, 'email', p.email, 'organisation', p.organisation,
		'category', (select k.name from category k where k.id = p.category), 'mode', p.mode, 'version', p.version,
		'roles', to_json(people_roles(p.conference, p.id)), 'state', person_state(p),
		'wants', (select a.mode from application a where a.person = p.id and a.state = 'waiting'),
		'invited', (select json_build_object('id', i.id, 'what', i.what, 'expires', iso(i.expires)) from invitation i
			where i.conference = p.conference and i.person = p.id and i.state = 'sent' and i.expires > plenum_now(p.conference)
			order by i.issued desc limit 1)))
$$;

-- How far somebody has come.
create or replace function person_state(p person) returns text
language sql stable as $$
	select case
		when exists (select from registration r where r.person = p.id and r.state = 'confirmed') then 'registered'
		when exists (select from waiting w where w.person = p.id) then 'waiting'
		when exists (select from invitation i where i.conference = p.conference and i.person = p.id and i.state = 'sent'
			and i.expires > plenum_now(p.conference)) then 'invited'
		when exists (select from application a where a.person = p.id and a.state = 'waiting') then 'asked'
		when exists (select from registration r where r.person = p.id) then 'cancelled'
		else 'none' end
$$;

create or replace function person_counts(in_conference uuid) returns json
language sql stable as $$
	select json_build_object('all', count(*), 'registered', count(*) filter (where s = 'registered'),
		'on_site', count(*) filter (where s = 'registered' and mode = 'on_site'),
		'online', count(*) filter (where s = 'registered' and mode = 'online'),
		'invited', count(*) filter (where s = 'invited'), 'waiting', count(*) filter (where s = 'waiting'),
		'asked', count(*) filter (where s = 'asked'), 'cancelled', count(*) filter (where s = 'cancelled'))
	from (select p.mode, person_state(p) as s from person p where p.conference = in_conference) x
$$;

-- Everything that staff may know of one.
create or replace function person_whole(p person) returns json
language sql stable as $$
	select json_plus(person_row(p), json_build_object(
		'category_id', p.category, 'language', p.language, 'registration', registration_json(p.id),
		'application', (select json_build_object('mode', a.mode, 'text', a.text, 'state', a.state, 'reason', a.reason, 'asked', iso(a.asked))
			from application a where a.person = p.id),
		'waiting', (select json_build_object('mode', w.mode, 'place', waiting_place(w), 'since', iso(w.entered), 'offered', w.invitation)
			from waiting w where w.person = p.id),
		'code', (select json_build_object('issued', iso(e.created), 'valid', e.revoked is null) from entry_code e
			where e.person = p.id order by e.generation desc limit 1),
		'invitations', (select coalesce(json_agg(invitation_json(i) order by i.issued desc, i.id), '[]')
			from invitation i where i.conference = p.conference and i.person = p.id and i.state <> 'replaced'),
		'talks', registration_talks(p.conference, p.id),
		'abstracts', (select coalesce(json_agg(json_build_object('id', a.id, 'number', a.number, 'title', a.title, 'outcome', a.outcome)
			order by a.number), '[]') from abstract a where a.conference = p.conference and a.person = p.id and a.state <> 'draft'),
		'alike', (select coalesce(json_agg(json_build_object('id', o.id, 'name', o.name, 'email', o.email, 'state', o.state) order by o.name, o.id), '[]')
			from (select x.id, x.name, x.email, person_state(x) as state from person x
				where x.conference = p.conference and x.id <> p.id and people_fold(x.name) = people_fold(p.name) limit 5) o),
		'mails', mail_told(p.conference, p.id)))
$$;

-- person.save: what stands on the badge and in the lists. An address that is somebody else's is refused: those two are one to be merged.
create or replace function person_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_person uuid, in_name text,
	in_email text, in_organisation text, in_category uuid, in_language text, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held person;
	other person;
begin
	select * into held from person p where p.conference = in_conference and p.id = in_person for no key update;
	if held.id is null or in_category is not null
		and not exists (select from category k where k.conference = in_conference and k.id = in_category)
	then
		return;
	elsif held.version <> in_expect then
		return query select null::text, 'conflict', person_whole(held);
		return;
	end if;
	select * into other from person p where p.conference = in_conference and p.email = in_email and p.id <> held.id;
	if other.id is not null then
		return query select null::text, 'person.address', json_build_object('person', other.id, 'name', other.name);
		return;
	end if;
	update person p set name = in_name, email = in_email, organisation = nullif(in_organisation, ''), category = in_category,
		language = coalesce(in_language, p.language), version = p.version + 1
	where p.id = held.id;
	-- A sign-in that is under way goes to the address it was asked for.
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'person.save', held.id, jsonb_strip_nulls(jsonb_build_object(
		'name', case when in_name <> held.name then held.name end, 'email', case when in_email <> held.email then held.email end)));
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		(select person_whole(p) from person p where p.id = held.id),
		door_events(in_conference, array[held.id]) || registration_events(in_conference, array[held.id])), null::text, null::json;
end $$;

-- person.resend: the code they have, once more; a new one only where none opens the door.
create or replace function person_resend(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_person uuid, in_lookup bytea,
	in_row_key bytea, in_sealed bytea)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	p person;
	code bytea;
	r registration;
begin
	select * into p from person x where x.conference = in_conference and x.id = in_person for no key update;
	if p.id is null then
		return;
	end if;
	select * into r from registration x where x.person = p.id and x.state = 'confirmed';
	if r.person is null then
		return query select null::text, 'registration.state', null::json;
		return;
	end if;
	code := registration_code(in_conference, p.id, in_lookup, in_row_key, in_sealed);
	perform mail_tell(in_conference, p.id, 'registration.confirmed', in_key::text, jsonb_build_object('mode', p.mode,
		'cover', jsonb_build_object('fee', r.fee, 'nights', r.nights), 'code', format('{code:%s}', code)), registration_slots(in_conference, p.id));
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'person.resend', p.id, jsonb_build_object('new', code = in_sealed));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('person', p.id, 'new', code = in_sealed),
		case when code = in_sealed then code_events(in_conference, p.id) else '{}' end), null::text, null::json;
end $$;

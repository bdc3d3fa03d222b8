-- Who somebody is: roles, and the document that opens a session. What a session is opened with is in plpgsql, whose plans are kept: a hall
-- that comes back asks ten thousand times, and SQL functions of this kind are planned anew each time, for ten times the cost.

create or replace function conference_by(in_slug text) returns uuid
language sql stable as $$
	select id from conference where case when coalesce(in_slug, '') = '' then is_default else slug = in_slug end
$$;

-- Who was given nothing in particular is an attendee by registration; without one, somebody who may apply.
create or replace function people_roles(in_conference uuid, in_person uuid) returns text[]
language plpgsql stable as $$
begin
	return (
		select case
			when exists (select from role_grant where conference = in_conference and person = in_person)
			then (select array_agg(role order by role) from role_grant
				where conference = in_conference and person = in_person)
			when exists (select from registration
				where conference = in_conference and person = in_person and state = 'confirmed')
			then '{attendee}'::text[]
			when exists (select from person where conference = in_conference and id = in_person) then '{applicant}'
			else '{}'::text[]
		end);
end $$;

create or replace function people_station(in_station uuid) returns json
language plpgsql stable as $$
begin
	return (
		select json_build_object('id', id, 'name', name, 'kind', kind, 'profile', profile, 'pin', pin_hash is not null, 'list', list, 'room', room, 'session', session)
		from station where id = in_station);
end $$;

-- What a device may do follows from what it is. A stage screen hears what a hall's devices hear.
create or replace function station_roles(kind text, profile text) returns text[]
language sql immutable parallel safe as $$
	select case kind when 'chair' then '{chair}'::text[] when 'stage' then '{kiosk}'
		else case profile when 'gate' then '{gate}'::text[] when 'desk' then '{kiosk,door_desk}' when 'print' then '{print}'
			when 'board' then '{board}' else '{kiosk}' end end
$$;

-- The gateway keeps `caller` and sends `public`.
create or replace function people_session(in_conference uuid, in_login uuid, in_person uuid, in_station uuid,
	in_roles text[], in_expires timestamptz)
returns json
language plpgsql stable as $$
begin
	return (
		select json_build_object(
			'caller', json_build_object(
				'conference', c.id,
				'login', coalesce(in_login::text, ''),
				'person', coalesce(in_person::text, ''),
				'station', coalesce(in_station::text, ''),
				'list', coalesce(s.list::text, ''),
				'room', coalesce(s.room::text, ''),
				'mode', coalesce(p.mode, ''),
				'roles', to_json(in_roles)),
			'public', json_build_object(
				'person', case when p.id is not null then json_build_object('id', p.id, 'name', p.name, 'mode', p.mode) end,
				'station', people_station(s.id),
				'roles', to_json(in_roles),
				'conference', json_build_object('id', c.id, 'slug', c.slug, 'title', c.title, 'zone', c.zone),
				'now', iso(now()),
				'time', iso(now() + c.clock_offset),
				'expires', iso(in_expires)),
			'expires', iso(in_expires))
		from conference c
		left join person p on p.id = in_person and p.conference = c.id
		left join station s on s.id = in_station and s.conference = c.id
		where c.id = in_conference);
end $$;

-- Null when the login no longer counts: revoked, expired, or its station was sent away.
create or replace function people_session_of(in_login uuid) returns json
language plpgsql stable as $$
begin
	return (
		select people_session(l.conference, l.id, l.person, l.station,
			case when l.station is not null then station_roles(s.kind, s.profile) else people_roles(l.conference, l.person) end,
			l.expires)
		from login l left join station s on s.id = l.station
		where l.id = in_login and l.revoked is null and l.expires > now() and s.revoked is null);
end $$;

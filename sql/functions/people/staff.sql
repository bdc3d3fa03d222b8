-- The conference itself and who runs it, edited by its organisers.

-- What the form shows.
create or replace function conference_form(k conference) returns json
language sql stable as $$
	select conference_draft(k)::jsonb || jsonb_build_object('is_default', k.is_default, 'info', k.info - 'frab')
$$;

-- People see it at once: it is no part of a release. Null keeps what is there. The zone decides how wall times are read and shown; instants
-- stay where they are.
create or replace function conference_edit(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_title text, in_subtitle text,
	in_venue text, in_zone text, in_starts date, in_ends date, in_info jsonb, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held conference;
begin
	select * into held from conference k where k.id = in_conference for no key update;
	if held.id is null then
		return;
	end if;
	if held.version <> in_expect then
		return query select null::text, 'conflict', conference_form(held);
		return;
	end if;
	if in_zone <> held.zone and not exists (select from pg_timezone_names z where z.name = in_zone) then
		return query select null::text, 'import.zone', json_build_object('zone', in_zone);
		return;
	end if;
	update conference k set title = coalesce(in_title, k.title), subtitle = coalesce(in_subtitle, k.subtitle),
		venue = coalesce(in_venue, k.venue), zone = coalesce(in_zone, k.zone), starts = coalesce(in_starts, k.starts),
		ends = coalesce(in_ends, k.ends),
		info = case when in_info is null then k.info
			else (in_info - 'frab') || case when k.info ? 'frab' then jsonb_build_object('frab', k.info -> 'frab') else '{}' end end,
		version = k.version + 1
	where k.id = held.id
	returning * into held;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('conference', held.id, 'version', held.version),
		array[row('schedule', 'conference.edited', conference_draft(held))::ev, draft_ev('conference.edited', conference_draft(held))]),
		null::text, null::json;
end $$;

-- Another conference on this server, made by an organiser of this one, who is the first organiser there. Never the default one. At most a
-- hundred: a page is no reason to fill a server.
create or replace function conference_found(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_slug text, in_title text,
	in_subtitle text, in_venue text, in_zone text, in_starts date, in_ends date, in_info jsonb)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	made uuid;
	who uuid;
begin
	-- One at a time, so that two cannot pass the limit together.
	perform pg_advisory_xact_lock(hashtextextended('conference_found', 0));
	if exists (select from conference k where k.slug = in_slug) then
		return query select null::text, 'conference.exists', json_build_object('slug', in_slug);
		return;
	elsif not exists (select from pg_timezone_names z where z.name = in_zone) then
		return query select null::text, 'import.zone', json_build_object('zone', in_zone);
		return;
	elsif (select count(*) from conference) >= 100 then
		return query select null::text, 'limit.size', json_build_object('conferences', 100);
		return;
	end if;
	insert into conference (slug, title, subtitle, venue, zone, starts, ends, info)
	values (in_slug, in_title, coalesce(in_subtitle, ''), coalesce(in_venue, ''), in_zone, in_starts, in_ends, coalesce(in_info, '{}'))
	returning id into made;
	insert into person (conference, email, name) select made, p.email, p.name from person p where p.id = in_actor returning id into strict who;
	insert into registration (person, conference) values (who, made);
	insert into role_grant (conference, person, role) values (made, who, 'organiser');
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'conference.create', made, jsonb_build_object('slug', in_slug)),
		(made, who, 'conference.create', made, jsonb_build_object('from', in_conference));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('conference', made, 'slug', in_slug), '{}'),
		null::text, null::json;
end $$;

-- Gives or takes one role. Somebody of an address we do not know is made, so that helpers can be named before they register.
create or replace function people_grant(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_person uuid, in_email text,
	in_name text, in_role text, in_value boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	who uuid;
	had text[];
begin
	select p.id into who from person p
	where p.conference = in_conference and case when in_person is not null then p.id = in_person else p.email = in_email end;
	if who is null and (in_person is not null or not in_value) then
		return;
	end if;
	if who = in_actor and in_role = 'organiser' and not in_value then
		return query select null::text, 'people.self', null::json;
		return;
	end if;
	if who is null then
		insert into person (conference, email, name) values (in_conference, in_email, in_name) returning id into who;
		insert into registration (person, conference) values (who, in_conference);
	end if;
	had := people_roles(in_conference, who);
	if in_value then
		insert into role_grant (conference, person, role) values (in_conference, who, in_role)
		on conflict on constraint role_grant_once do nothing;
	else
		delete from role_grant g where g.conference = in_conference and g.person = who and g.role = in_role;
	end if;
	if had is distinct from people_roles(in_conference, who) then
		insert into audit (conference, actor, action, subject, detail)
		values (in_conference, in_actor, 'people.grant', who, jsonb_build_object('role', in_role, 'value', in_value));
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('person', who, 'roles', to_json(people_roles(in_conference, who))),
		case when had is distinct from people_roles(in_conference, who)
			then array[row('worker', 'role.changed', json_build_object('person', who))::ev] else '{}' end),
		null::text, null::json;
end $$;

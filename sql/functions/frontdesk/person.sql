-- Corrections at the desk: how a name is written; the places on site that are left.


-- On-site places left in the whole conference; null: nobody counts them.
create or replace function conference_seats(in_conference uuid) returns bigint
language sql as $$
	select registration_left(in_conference, 'on_site')
$$;

-- person.rename. Who read another name meanwhile is shown the one there is.
create or replace function person_rename(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_person uuid, in_name text,
	in_expect text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	before text;
begin
	select p.name into before from person p where p.conference = in_conference and p.id = in_person for no key update;
	if before is null then
		return;
	end if;
	if in_expect <> before and in_name <> before then
		return query select null::text, 'conflict', json_build_object('person', in_person, 'name', before);
		return;
	end if;
	if before = in_name then
		return query select write_done(in_conference, in_actor, in_key, in_hash,
			json_build_object('person', in_person, 'name', in_name, 'noop', true), '{}'), null::text, null::json;
		return;
	end if;
	update person p set name = in_name where p.id = in_person;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'person.rename', in_person, jsonb_build_object('from', before, 'to', in_name));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('person', in_person, 'name', in_name),
		door_events(in_conference, array[in_person])), null::text, null::json;
end $$;

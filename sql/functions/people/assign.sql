-- Who looks after which room or session: a moderator who is named for none looks after everything.

create or replace function people_scope(in_conference uuid, in_person uuid) returns json
language sql stable as $$
	select coalesce(json_agg(json_strip_nulls(json_build_object('room', s.room, 'session', s.session,
		'name', coalesce(release_room_name(in_conference, s.room), e.title))) order by s.room is null, r.ord, e.title, s.room, s.session), '[]')
	from moderator_scope s left join room r on r.id = s.room left join session e on e.id = s.session
	where s.conference = in_conference and s.person = in_person
$$;

-- Open sockets of theirs are looked at again, as with a role.
create or replace function people_assign(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_person uuid, in_room uuid,
	in_session uuid, in_value boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	n int;
begin
	perform from person p where p.conference = in_conference and p.id = in_person for no key update;
	if not found or not exists (select from room r where r.conference = in_conference and r.id = in_room
		union all select from session s where s.conference = in_conference and s.id = in_session)
	then
		return;
	elsif in_value and not exists (select from role_grant g where g.conference = in_conference and g.person = in_person and g.role = 'moderator') then
		return query select null::text, 'people.not_moderator', null::json;
		return;
	end if;
	if in_value then
		insert into moderator_scope (conference, person, room, session) values (in_conference, in_person, in_room, in_session)
		on conflict on constraint moderator_scope_once do nothing;
	else
		delete from moderator_scope s where s.conference = in_conference and s.person = in_person
			and s.room is not distinct from in_room and s.session is not distinct from in_session;
	end if;
	get diagnostics n = row_count;
	if n > 0 then
		insert into audit (conference, actor, action, subject, detail)
		values (in_conference, in_actor, 'people.assign', in_person, jsonb_strip_nulls(jsonb_build_object('room', in_room, 'session', in_session,
			'value', in_value)));
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('person', in_person, 'scope', people_scope(in_conference, in_person)),
		case when n > 0 then array[row('worker', 'role.changed', json_build_object('person', in_person))::ev] else '{}' end),
		null::text, null::json;
end $$;

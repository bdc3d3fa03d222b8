-- A room's meeting link: set and changed by those who run the room, told to nobody but whoever is called.

-- Rooms have no desk: whoever may act on a session that is held there may set its link.
create or replace function bridge_may(in_conference uuid, in_actor uuid, in_room uuid) returns boolean
language sql stable as $$
	select exists (select from role_grant g where g.conference = in_conference and g.person = in_actor and g.role = 'organiser')
		or exists (select from (select distinct p.session from published p where p.conference = in_conference and p.room = in_room) s
			where qa_may(in_conference, in_actor, s.session))
$$;

-- That there is one and where it leads, never the link.
create or replace function bridge_shown(in_conference uuid, in_room uuid) returns json
language sql stable as $$
	select json_build_object('room', r.id, 'name', r.name, 'set', b.room is not null, 'host', stream_host_of(b.url),
		'version', coalesce(b.version, 0), 'at', iso(b.at))
	from room r left join bridge b on b.room = r.id
	where r.conference = in_conference and r.id = in_room
$$;

-- Whoever is on by the link hears that it is another; each desk of the room that there is one.
create or replace function bridge_told(in_conference uuid, in_room uuid) returns ev[]
language sql stable as $$
	with live as materialized (
		select e from mic_entry e where e.conference = in_conference and e.state in ('waiting', 'called', 'connecting', 'heard')
			and talk_room(in_conference, e.talk) = in_room
	)
	select coalesce((select array_agg(row('person:' || w.id, 'mic.called', mic_own(l.e, null, null))::ev order by (l.e).id)
			from live l cross join lateral mic_whose(l.e) w(id) where mic_on(l.e) and w.id is not null), '{}')
		|| coalesce((select array_agg(row('desk:' || s.session, 'mic.changed', mic_snapshot(in_conference, s.session))::ev order by s.session)
			from (select distinct (l.e).session from live l) s), '{}')
$$;

-- Another link, or none. Rotating wants another one than there is.
create or replace function bridge_set(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_room uuid, in_url text,
	in_version int, in_rotate boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	old bridge;
begin
	perform from room r where r.id = in_room and r.conference = in_conference for no key update;
	if not found then
		return;
	end if;
	if not bridge_may(in_conference, in_actor, in_room) then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	select * into old from bridge b where b.room = in_room for update;
	if in_version is not null and coalesce(old.version, 0) <> in_version then
		return query select null::text, 'conflict', bridge_shown(in_conference, in_room);
		return;
	end if;
	if in_rotate and (old.room is null or old.url = in_url) then
		return query select null::text, 'bridge.same', bridge_shown(in_conference, in_room);
		return;
	end if;
	if old.url is not distinct from in_url then
		return query select write_done(in_conference, in_actor, in_key, in_hash,
			(bridge_shown(in_conference, in_room)::jsonb || '{"noop":true}')::json, '{}'), null::text, null::json;
		return;
	end if;
	if in_url is null then
		delete from bridge b where b.room = in_room;
	else
		insert into bridge as b (room, conference, url) values (in_room, in_conference, in_url)
		on conflict on constraint bridge_once do update set url = excluded.url, version = b.version + 1, at = now();
	end if;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, case when in_rotate then 'bridge.rotate' else 'bridge.set' end, in_room::text,
		jsonb_build_object('host', stream_host_of(in_url)));
	return query select write_done(in_conference, in_actor, in_key, in_hash, bridge_shown(in_conference, in_room),
		bridge_told(in_conference, in_room)), null::text, null::json;
end $$;

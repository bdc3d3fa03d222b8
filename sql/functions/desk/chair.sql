-- A chair's phone: invited by staff with a code that works once, for one session, until two hours after it.

create or replace function chair_list(in_session uuid) returns json
language sql stable as $$
	select coalesce(json_agg(json_build_object('station', t.id, 'name', t.name, 'since', iso(t.created)) order by t.created, t.id), '[]')
	from station t where t.session = in_session and t.kind = 'chair' and t.revoked is null
$$;

create or replace function chair_event(in_session uuid) returns ev
language sql stable as $$
	select row('desk:' || in_session, 'chair.changed', json_build_object('session', in_session, 'chairs', chair_list(in_session)))::ev
$$;

-- Real time. Null: it is not in the programme. What somebody started and nobody ended may go on for long.
create or replace function chair_until(in_conference uuid, in_session uuid) returns timestamptz
language sql stable as $$
	select max(case when p.started is not null and p.ended is null then greatest(upper(p.during), x.latest, now() + c.clock_offset)
		else greatest(upper(p.during), x.latest, p.ended) end) + interval '2 hours' - max(c.clock_offset)
	from published p join conference c on c.id = p.conference left join expected x on x.slot = p.slot
	where p.conference = in_conference and p.session = in_session and not p.cancelled
$$;

-- The code itself is C's: a repeat under the same key gives the same one. Twenty that wait at a time are enough.
create or replace function chair_invite(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_session uuid, in_name text,
	in_code bytea)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held desk := desk_lock(in_conference, in_session);
	refused text;
	made chair_invite;
begin
	if held.session is null then
		return;
	end if;
	refused := case when not qa_may(in_conference, in_actor, in_session) then 'denied'
		when coalesce(chair_until(in_conference, in_session) <= now(), true) then 'chair.over'
		when (select count(*) >= 20 from chair_invite i where i.session = in_session and i.used is null and i.expires > now())
			then 'limit.rate' end;
	if refused is not null then
		return query select null::text, refused, null::json;
		return;
	end if;
	delete from chair_invite i where i.conference = in_conference and i.session = in_session and i.expires < now() - interval '1 day';
	insert into chair_invite (hash, conference, session, name, by_actor, expires)
	values (in_code, in_conference, in_session, in_name, in_actor, now() + interval '10 minutes') returning * into made;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'chair.invite', in_session, jsonb_build_object('name', in_name));
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('session', in_session, 'name', in_name, 'expires', iso(made.expires)), '{}'), null::text, null::json;
end $$;

-- Spends a code. No row: wrong, used, too old, or the session is over.
create or replace function chair_join(in_conference uuid, in_code bytea)
returns table (login uuid, conference uuid, subject uuid, expires bigint, station json)
language plpgsql as $$
#variable_conflict use_column
declare
	spent chair_invite;
	made station;
	until timestamptz;
	opened login;
begin
	update chair_invite i set used = now()
	where i.conference = in_conference and i.hash = in_code and i.used is null and i.expires > now()
	returning * into spent;
	until := chair_until(in_conference, spent.session);
	if until is null or until <= now() then
		return;
	end if;
	insert into station (conference, name, kind, session, room)
	values (in_conference, spent.name, 'chair', spent.session,
		(select s.room from talk_slot(in_conference, spent.session, plenum_now(in_conference)) s))
	returning * into made;
	insert into login (conference, kind, station, expires) values (in_conference, 'device', made.id, until) returning * into opened;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, spent.by_actor, 'chair.joined', made.id, jsonb_build_object('session', spent.session));
	perform channel_append(in_conference, array[chair_event(spent.session)]);
	return query select opened.id, in_conference, made.id, extract(epoch from until)::bigint, people_station(made.id);
end $$;

create or replace function chair_revoke(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_station uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	t station;
	was timestamptz;
	evs ev[] := '{}';
begin
	select * into t from station x where x.conference = in_conference and x.id = in_station and x.kind = 'chair' for update;
	if t.id is null then
		return;
	end if;
	if not qa_may(in_conference, in_actor, t.session) or t.id = in_actor then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	was := t.revoked;
	if was is null then
		update station x set revoked = now() where x.id = t.id;
		with ended as (
			update login l set revoked = now() where l.conference = in_conference and l.station = t.id and l.revoked is null returning l.id
		)
		select array[row('station:' || t.id, 'station.revoked', json_build_object('station', t.id))::ev, chair_event(t.session)]
			|| array_agg(row('worker', 'login.revoked', json_build_object('login', e.id))::ev) into evs from ended e;
		insert into audit (conference, actor, action, subject, detail)
		values (in_conference, in_actor, 'chair.revoked', t.id, jsonb_build_object('session', t.session));
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('station', t.id, 'noop', was is not null), evs), null::text, null::json;
end $$;

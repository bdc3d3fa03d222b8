-- The door signs you in: after a green scan the station's screen shows a token once, and whoever reads it there first is that person.

-- Those who run things sign in by their own mail: their rooms are not to be had from a screen in a hall.
create or replace function door_signs_in(in_conference uuid, in_person uuid) returns boolean
language sql stable as $$
	select not exists (select from role_grant g where g.conference = in_conference and g.person = in_person
		and g.role not in ('attendee', 'speaker'))
$$;

-- checkin.sign_in: for a scan of the station's own that let somebody in within the last 20 s. Asked again before it was used, the newer
-- token is the one; used, there is no other.
create or replace function door_sign_in_make(in_conference uuid, in_station uuid, in_scan uuid, in_hash bytea)
returns table (expires timestamptz, fault text)
language plpgsql as $$
#variable_conflict use_column
declare
	who uuid;
begin
	select s.person into who
	from scan s
	join station t on t.id = s.station and t.revoked is null and t.profile in ('self_service', 'desk')
	join checkin_list l on l.id = s.list and l.sign_in
	join admission a on a.conference = in_conference and a.list = s.list and a.person = s.person and a.undone is null and a.left_at is null
	where s.conference = in_conference and s.scan_id = in_scan and s.station = in_station and s.direction = 'entry'
		and s.at > plenum_now(in_conference) - interval '20 s'
		and door_said(s.scan_id) in ('admitted', 'repeat');
	if who is null or not door_signs_in(in_conference, who) then
		fault := 'denied';
		return next;
		return;
	end if;
	insert into door_sign_in (scan, hash, conference, person, station, expires)
	values (in_scan, in_hash, in_conference, who, in_station, now() + interval '30 s')
	on conflict on constraint door_sign_in_once do update set hash = excluded.hash, expires = excluded.expires
		where door_sign_in.used is null
	returning door_sign_in.expires into expires;
	fault := case when expires is null then 'denied' end;
	return next;
end $$;

-- POST /auth/door: spends it.
create or replace function door_sign_in_use(in_hash bytea)
returns table (login uuid, conference uuid, subject uuid, expires bigint, reply json)
language plpgsql as $$
#variable_conflict use_column
declare
	used door_sign_in;
begin
	update door_sign_in d set used = now()
	where d.hash = in_hash and d.used is null and d.expires > now()
		and door_signs_in(d.conference, d.person)
	returning d.* into used;
	if used.scan is null then
		return;
	end if;
	insert into audit (conference, actor, action, subject, detail)
	values (used.conference, used.station, 'door.signed_in', used.person, jsonb_build_object('scan', used.scan));
	return query
	insert into login (conference, kind, person, expires)
	values (used.conference, 'session', used.person, login_expiry(used.conference))
	returning login.id, login.conference, login.person, extract(epoch from login.expires)::bigint, login_person(login.person);
end $$;

-- What was last thought of a scan.
create or replace function door_said(in_scan uuid) returns text
language plpgsql stable as $$
begin
	return (select j.verdict from judgement j where j.scan = in_scan order by j.n desc limit 1);
end $$;

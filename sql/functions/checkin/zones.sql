-- Where people are. An open admission on a list with a zone puts its person into that zone and all it is part of.

-- The zone itself and what it is part of. (A loop cannot be: zone.save looks.)
create or replace function zone_above(in_zone uuid) returns uuid[]
language sql stable as $$
	with recursive up as (
		select z.id, z.part_of from zone z where z.id = in_zone
		union
		select z.id, z.part_of from zone z join up on z.id = up.part_of
	)
	select coalesce(array_agg(id), '{}') from up
$$;

-- The zone itself and its parts.
create or replace function zone_below(in_zone uuid) returns uuid[]
language sql stable as $$
	with recursive down as (
		select z.id from zone z where z.id = in_zone
		union
		select z.id from zone z join down on z.part_of = down.id
	)
	select coalesce(array_agg(id), '{}') from down
$$;

-- Of a list: whose admissions an exit at it closes, its own among them; and whose an entry closes (null: none), for whoever goes into one
-- zone has left all but those it is part of.
create or replace function zone_lists(in_list uuid, out leaves uuid[], out moves uuid[])
language plpgsql stable as $$
declare
	l checkin_list;
begin
	select * into l from checkin_list where id = in_list;
	leaves := array[in_list];
	if l.zone is null then
		return;
	end if;
	select array_agg(x.id) into leaves from checkin_list x
	where x.conference = l.conference and x.zone = any (zone_below(l.zone));
	select array_agg(x.id) into moves from checkin_list x
	where x.conference = l.conference and x.zone <> all (zone_above(l.zone));
end $$;

-- Stations of that list learn that the person is no longer behind it.
create or replace function scan_left(in_list uuid, in_ticket text, in_at timestamptz) returns ev
language sql immutable as $$
	select row('list:' || in_list, 'scan.left', json_strip_nulls(json_build_object('list', in_list, 'ticket', in_ticket, 'at', iso(in_at))))::ev
$$;

-- Closes a person's admissions on those lists. The person's row is locked first: of two who let one person into two rooms at once, the
-- second sees what the first did.
create or replace function zone_move(in_person uuid, in_lists uuid[], in_at timestamptz, in_ticket text) returns ev[]
language plpgsql as $$
declare
	evs ev[];
begin
	perform from person p where p.id = in_person for no key update;
	with closed as (
		update admission a set left_at = greatest(in_at, a.at)
		where a.person = in_person and a.list = any (in_lists) and a.undone is null and a.left_at is null
		returning a.list
	)
	select array_agg(scan_left(c.list, in_ticket, in_at) order by c.list) into evs from closed c;
	return coalesce(evs, '{}');
end $$;

-- How many different people are in each zone.
create or replace function zone_figures(in_conference uuid)
returns table (id uuid, name text, part_of uuid, capacity int, inside bigint)
language sql stable as $$
	with recursive above as (
		select z.id as zone, z.id as at, z.part_of from zone z where z.conference = in_conference
		union
		select u.zone, z.id, z.part_of from above u join zone z on z.id = u.part_of
	), counted as (
		select u.at, count(distinct coalesce(a.person, a.scan)) as n
		from admission a join checkin_list l on l.id = a.list join above u on u.zone = l.zone
		where l.conference = in_conference and a.undone is null and a.left_at is null
		group by u.at
	)
	select z.id, z.name, z.part_of, z.capacity, coalesce(c.n, 0) from zone z left join counted c on c.at = z.id
	where z.conference = in_conference
	order by z.name, z.id
$$;

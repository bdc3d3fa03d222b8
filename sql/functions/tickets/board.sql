-- The board of whoever runs the doors.

-- It may hang on a wall: names as at the door, what an open conflict is about but not what was found out.
create or replace function station_board(in_conference uuid) returns json
language plpgsql stable as $$
begin
	return json_build_object(
		'time', iso(plenum_now(in_conference)),
		'stations', coalesce((select json_agg(json_strip_nulls(json_build_object('id', s.id, 'name', s.name, 'profile', s.profile,
				'list', s.list, 'seen', iso(t.seen), 'online', station_online(t.seen), 'since', iso(t.since),
				'locked', case when s.pin_hash is not null and s.pin_tries >= 5 then true end, 'said', t.said))
				order by s.name, s.created)
			from station s left join station_state t on t.station = s.id
			where s.conference = in_conference and s.kind = 'kiosk' and s.revoked is null), '[]'),
		'zones', coalesce((select json_agg(json_strip_nulls(json_build_object('id', z.id, 'name', z.name, 'part_of', z.part_of,
				'inside', z.inside, 'capacity', z.capacity)) order by z.name, z.id)
			from zone_figures(in_conference) z), '[]'),
		'lists', coalesce((select json_agg(json_build_object('id', l.id, 'name', l.name, 'admitted', f.f -> 'admitted',
				'inside', f.f -> 'inside', 'refused', f.f -> 'refused', 'conflicts', f.f -> 'conflicts',
				'per_minute', (select count(*) from scan c where c.conference = in_conference and c.list = l.id
					and c.received > now() - interval '1 minute')) order by l.name)
			from checkin_list l cross join lateral (select list_stats(in_conference, l.id) as f offset 0) f
			where l.conference = in_conference), '[]'),
		'conflicts', coalesce((select json_agg(case when x.j ? 'person'
				then jsonb_set(x.j, '{person}', jsonb_build_object('name', door_name(x.j #>> '{person,name}'))) else x.j end
				order by x.raised, x.id)
			from (select c.id, c.raised, conflict_json(c.id)::jsonb as j from conflict c
				where c.conference = in_conference and c.settled is null order by c.raised, c.id limit 50) x), '[]'));
end $$;

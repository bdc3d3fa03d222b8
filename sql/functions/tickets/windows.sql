-- What a station is told of its list.

-- What a station is told of its list besides tickets. What is confirmed or read out for a list or a category comes to `notes`.
create or replace function ticket_list(in_conference uuid, in_list uuid) returns jsonb
language plpgsql stable as $$
begin
	return (select jsonb_build_object(
		'list', jsonb_strip_nulls(jsonb_build_object('id', l.id, 'name', l.name, 'capacity', l.capacity,
			'opens', iso(l.opens), 'closes', iso(l.closes), 'zone', l.zone)),
		'rules', door_rules(in_list),
		'categories', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name, 'color', c.color)
			order by c.ord, c.name) from category c where c.conference = in_conference), '[]'),
		'notes', ticket_notes(in_conference, in_list))
	from checkin_list l where l.conference = in_conference and l.id = in_list);
end $$;

create or replace function ticket_notes(in_conference uuid, in_list uuid) returns jsonb
language sql stable as $$
	select door_notes_for(in_conference, in_list)::jsonb
$$;

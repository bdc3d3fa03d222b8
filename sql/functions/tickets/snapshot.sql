-- What stands in a snapshot besides codes and where people are.

-- What a station is told of its list.
create or replace function ticket_list(in_conference uuid, in_list uuid) returns jsonb
language plpgsql stable as $$
begin
	return (select jsonb_build_object(
		'list', jsonb_strip_nulls(jsonb_build_object('id', l.id, 'name', l.name, 'capacity', l.capacity,
			'opens', iso(l.opens), 'closes', iso(l.closes), 'zone', l.zone)),
		'rules', door_rules(l.id),
		'categories', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name, 'color', c.color)
			order by c.ord, c.name) from category c where c.conference = in_conference), '[]'),
		'notes', ticket_notes(in_conference, in_list))
	from checkin_list l where l.conference = in_conference and l.id = in_list);
end $$;

-- What is to be read out or confirmed for everybody or a category.
create or replace function ticket_notes(in_conference uuid, in_list uuid) returns jsonb
language sql stable as $$
	select door_notes_for(in_conference, in_list)::jsonb
$$;

-- What comes to some people's bodies, as members of a JSON object: notes of their own (t), the badge that lies in a box
-- (b). Set by set: there may be 25,000. in_persons null: everybody.
create or replace function ticket_more(in_conference uuid, in_list uuid, in_persons uuid[])
returns table (person uuid, more text)
language sql stable as $$
	select x.person, string_agg('"' || x.name || '":' || json_strip_nulls(x.value), ',' order by x.name)
	from (
		select j.person, 'b' as name, json_build_object('box', badge_box(j.box), 'number', j.number) as value
		from print_job j
		where j.conference = in_conference and j.copy_no = 1 and j.box is not null
			-- Unless they have had another since.
			and not exists (select from print_job n where n.person = j.person and n.copy_no > 1)
			and (in_persons is null or j.person = any (in_persons))
		union all
		select n.person, 't', json_agg(door_note_json(n) order by n.saved, n.id)
		from door_note n join person p on p.id = n.person
		where n.conference = in_conference and n.removed is null and (n.list is null or n.list = in_list)
			and (n.category is null or n.category = p.category) and (in_persons is null or n.person = any (in_persons))
		group by n.person
	) x
	group by x.person
$$;

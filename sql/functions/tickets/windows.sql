-- What a list's rules mean on the days of its conference.

-- Each rule's windows as instants: on its day, or on every day of the conference and the ones around it. Wall times of the conference's
-- zone; without times all of the day; an end at or before the beginning is on the next day.
create or replace function list_windows(in_conference uuid, in_list uuid)
returns table (category uuid, opens timestamptz, closes timestamptz)
language sql stable as $$
	select r.category, (d.day + coalesce(r.opens, time '00:00')) at time zone k.zone,
		(case when r.opens is null then d.day + 1 + time '00:00'
			when r.until <= r.opens then d.day + 1 + r.until
			else d.day + r.until end) at time zone k.zone
	from list_rule r join conference k on k.id = r.conference
	cross join lateral (
		select r.day where r.day is not null
		union all
		select s::date from generate_series((k.starts - 1)::timestamp, (k.ends + 1)::timestamp, interval '1 day') s where r.day is null
	) d(day)
	where r.conference = in_conference and r.list = in_list
$$;

-- What a station is told of its list besides tickets. What is confirmed or read out for a list or a category comes to `notes`.
create or replace function ticket_list(in_conference uuid, in_list uuid) returns jsonb
language plpgsql stable as $$
begin
	return (select jsonb_build_object(
		'list', jsonb_strip_nulls(jsonb_build_object('id', l.id, 'name', l.name, 'capacity', l.capacity,
			'opens', iso(l.opens), 'closes', iso(l.closes), 'zone', l.zone)),
		'rules', coalesce((select jsonb_agg(jsonb_build_object('category', w.category, 'opens', iso(w.opens), 'closes', iso(w.closes))
			order by w.opens, w.closes, w.category) from list_windows(in_conference, in_list) w), '[]'),
		'categories', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name, 'color', c.color)
			order by c.ord, c.name) from category c where c.conference = in_conference), '[]'),
		'notes', ticket_notes(in_conference, in_list))
	from checkin_list l where l.conference = in_conference and l.id = in_list);
end $$;

create or replace function ticket_notes(in_conference uuid, in_list uuid) returns jsonb
language sql stable as $$
	select '[]'::jsonb
$$;

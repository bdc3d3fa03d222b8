-- What a file says by the conference's own terms (local times, names of people, ids of slots), before sql/functions/schedule/import.sql
-- takes it in.

-- An instant, or a wall clock's time in zone; why: it does not exist there, or twice.
create or replace function import_when(in_text text, in_zone text, out at timestamptz, out why text, out name text)
language plpgsql stable as $$
declare
	wall timestamp;
	twin timestamptz;
begin
	if in_text ~ '(Z|[+-][0-9]{2}:?[0-9]{2})$' then
		at := in_text::timestamptz;
		return;
	end if;
	wall := in_text::timestamp;
	at := wall at time zone in_zone;
	if at at time zone in_zone <> wall then
		at := null;
		name := 'time.missing';
		why := format('%s does not exist in %s: the clocks go forward over it', in_text, in_zone);
		return;
	end if;
	select t into twin from unnest(array[-180, -120, -60, -30, 30, 60, 120, 180]) m, lateral (select at + m * interval '1 minute') x(t)
	where t at time zone in_zone = wall limit 1;
	if twin is not null then
		name := 'time.ambiguous';
		why := format('%s exists twice in %s: write %s or %s', in_text, in_zone, iso_local(wall, in_zone, least(at, twin)),
			iso_local(wall, in_zone, greatest(at, twin)));
		at := null;
	end if;
end $$;

create or replace function import_known(in_guids jsonb, in_known jsonb) returns jsonb
language sql immutable as $$
	select coalesce(jsonb_agg(coalesce(in_known -> g, to_jsonb(g)) order by i), '[]')
	from jsonb_array_elements_text(in_guids) with ordinality as u(g, i)
$$;

-- People a spreadsheet gives only by name are those of that name we know.
create or replace function import_people_by_name(in_conference uuid, in_doc jsonb) returns jsonb
language plpgsql stable as $$
declare
	known jsonb;
begin
	select jsonb_object_agg(x.made, x.held) into known from (
		select n ->> 'guid' as made, min(p.guid) as held
		from jsonb_array_elements(in_doc -> 'speakers') n join speaker p on p.conference = in_conference and p.name = n ->> 'name'
		where n ? 'by_name' group by 1) x;
	if known is null then
		return in_doc;
	end if;
	return in_doc || jsonb_build_object(
		'speakers', (select jsonb_agg(distinct n || jsonb_build_object('guid', coalesce(known -> (n ->> 'guid'), n -> 'guid')))
			from jsonb_array_elements(in_doc -> 'speakers') n),
		'events', (select jsonb_agg(x
				|| case when x ? 'speakers' then jsonb_build_object('speakers', import_known(x -> 'speakers', known)) else '{}' end
				|| case when x ? 'talks' then jsonb_build_object('talks', (
					select jsonb_agg(t || jsonb_build_object('speakers', import_known(t -> 'speakers', known)) order by j)
					from jsonb_array_elements(x -> 'talks') with ordinality as v(t, j))) else '{}' end order by i)
			from jsonb_array_elements(in_doc -> 'events') with ordinality as u(x, i)));
end $$;

-- Rows whose times cannot be are refused by name; what a refused row speaks of stays as it is held.
create or replace function import_sparse(in_conference uuid, in_doc jsonb, in_zone text) returns jsonb
language plpgsql stable as $$
declare
	made record;
begin
	select coalesce(jsonb_agg(x || jsonb_build_object('start', s, 'end', e) order by i) filter (where why is null), '[]') as events,
		coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('row', x ->> 'title', 'why', why, 'fault', name,
			'action', 'refused')) order by i) filter (where why is not null), '[]') as refused,
		coalesce(jsonb_agg(coalesce(x -> 'of', x -> 'guid')) filter (where why is not null), '[]')
			|| coalesce(jsonb_agg(x -> 'slot') filter (where why is not null and x ? 'slot'), '[]') as kept
	into made
	from (
		select u.x, u.i, s.at as s, e.at as e, coalesce(s.name, e.name) as name,
			coalesce(s.why, e.why, case when e.at <= s.at then 'the end is not after the start'
				when e.at - s.at > interval '60 days' then 'it is longer than 60 days' end) as why
		from jsonb_array_elements(in_doc -> 'events') with ordinality as u(x, i)
			cross join lateral import_when(u.x ->> 'start', in_zone) s
			cross join lateral import_when(u.x ->> 'end', in_zone) e) each_row;
	return import_people_by_name(in_conference, in_doc || jsonb_build_object('events', made.events,
		'report', coalesce(in_doc -> 'report', '[]') || made.refused, 'kept', coalesce(in_doc -> 'kept', '[]') || made.kept));
end $$;

-- Frab XML has no place to say so, but an event whose guid is the id of a slot of ours is that slot.
create or replace function import_occurrences(in_conference uuid, in_doc jsonb) returns jsonb
language sql stable as $$
	select in_doc || jsonb_build_object('events', coalesce(jsonb_agg(case when s.id is null then x
		else x || jsonb_build_object('of', s.guid, 'slot', l.id) end order by i), '[]'))
	from jsonb_array_elements(in_doc -> 'events') with ordinality as u(x, i)
		left join slot l on l.conference = in_conference and l.id = (x ->> 'guid')::uuid and not x ? 'of'
			and not exists (select from session o where o.conference = in_conference and o.guid = l.id)
		left join session s on s.id = l.session
$$;

-- What differs between what people see and what they would see: the diff that a release keeps and everything after it reads.

-- The titles of a session's parts; none where its one talk is the session itself.
create or replace function talk_titles(content jsonb) returns jsonb
language sql immutable parallel safe as $$
	select case when content -> 'talks' -> 1 is null and content #>> '{talks,0,title}' = content ->> 'title' then '[]'
		else jsonb_path_query_array(content, '$.talks[*].title') end
$$;

-- Which fields a reader finds changed, in this order. details: what only files carry (numbers, slugs, links).
create or replace function slot_fields(p published, t slot_target) returns text[]
language sql stable as $$
	select coalesce(nullif(array_agg(f order by n) filter (where differs), '{}'), '{details}')
	from (values
		(1, 'added', t.cancelled is not null and (p.slot is null or p.cancelled and not t.cancelled)),
		(2, 'cancelled', t.cancelled and p.slot is not null and not p.cancelled),
		(3, 'removed', t.cancelled is null),
		(4, 'room', (p.room, p.content ->> 'room') is distinct from (t.room, t.content ->> 'room')),
		(5, 'start', lower(p.during) <> lower(t.during)),
		(6, 'end', upper(p.during) <> upper(t.during)),
		(7, 'duration', upper(p.during) - lower(p.during) <> upper(t.during) - lower(t.during)),
		(8, 'title', p.content -> 'title' <> t.content -> 'title'),
		(9, 'speakers', p.content -> 'speakers' <> t.content -> 'speakers'),
		(10, 'talks', talk_titles(p.content) <> talk_titles(t.content)),
		(11, 'subtitle', p.content -> 'subtitle' <> t.content -> 'subtitle'),
		(12, 'abstract', p.content -> 'abstract' <> t.content -> 'abstract'),
		(13, 'description', p.content -> 'description' <> t.content -> 'description'),
		(14, 'track', p.content -> 'track' <> t.content -> 'track'),
		(15, 'language', p.content -> 'language' <> t.content -> 'language'),
		(16, 'kind', p.content -> 'kind' <> t.content -> 'kind'),
		(17, 'url', p.content -> 'url' <> t.content -> 'url'),
		(18, 'anchor', p.anchor <> t.anchor),
		(19, 'min_s', p.min_s is distinct from t.min_s)
	) as x(n, f, differs)
	-- Of what was or will be no part of the programme there is nothing to compare.
	where n <= 3 or p.slot is not null and t.cancelled is not null
$$;

-- One side of a change: where and when, title and speakers always; of the longer texts those that changed.
create or replace function slot_side(t slot_target, fields text[]) returns jsonb
language sql stable as $$
	select jsonb_build_object('session', t.session, 'room', t.room, 'room_name', t.content ->> 'room',
		'start', iso(lower(t.during)), 'end', iso(upper(t.during)),
		'state', case when t.cancelled then 'cancelled' else 'planned' end, 'title', t.content ->> 'title',
		'speakers', jsonb_path_query_array(t.content, '$.speakers[*].name'))
		|| coalesce((select jsonb_object_agg(f, case f when 'anchor' then to_jsonb(t.anchor)
				when 'min_s' then coalesce(to_jsonb(t.min_s), 'null') when 'talks' then talk_titles(t.content)
				else t.content -> f end)
			from unnest(fields) f
			where f in ('talks', 'subtitle', 'abstract', 'description', 'track', 'language', 'kind', 'url', 'anchor', 'min_s')), '{}')
$$;

-- A cancelled slot nobody has seen is no change; one that comes back is added again.
drop function if exists draft_changes(uuid);
create or replace function slot_changes(in_conference uuid, targets slot_target[])
returns table (slot uuid, change text, fields text[], before jsonb, after jsonb)
language sql stable as $$
	select t.slot,
		case when t.cancelled is null then 'removed'
			when p.slot is null or p.cancelled and not t.cancelled then 'added'
			when t.cancelled and not p.cancelled then 'cancelled'
			when t.room <> p.room or t.during <> p.during then 'moved'
			else 'changed' end,
		f.fields,
		case when p.slot is not null then slot_side(row(p.slot, p.session, p.room, p.during, p.cancelled, p.overlap_ok, p.version,
			p.anchor, p.min_s, p.content)::slot_target, f.fields) end,
		case when t.cancelled is not null then slot_side(row(t.*)::slot_target, f.fields) end
	from unnest(targets) t
		left join published p on p.slot = t.slot and p.conference = in_conference
		cross join lateral (select slot_fields(p, row(t.*)::slot_target) as fields) f
	where case when t.cancelled is null then p.slot is not null
		when p.slot is null then not t.cancelled
		when t.cancelled then not p.cancelled
		else p.cancelled or t.room <> p.room or t.during <> p.during or t.content <> p.content or t.anchor <> p.anchor
			or t.min_s is distinct from p.min_s end
$$;

-- The diff as it is stored and shown.
create or replace function slot_diff(in_conference uuid, targets slot_target[]) returns jsonb
language sql stable as $$
	select coalesce(jsonb_agg(jsonb_build_object('slot', slot, 'change', change, 'fields', fields, 'before', before, 'after', after)
		order by coalesce(after, before) ->> 'start', coalesce(after, before) ->> 'room_name', slot), '[]')
	from slot_changes(in_conference, targets)
$$;

create or replace function diff_slots(diff jsonb) returns uuid[]
language sql immutable as $$
	select coalesce(array_agg((x ->> 'slot')::uuid order by i), '{}') from jsonb_array_elements(diff) with ordinality as u(x, i)
$$;

-- What would take place, where the rules about places and people hold: not cancelled, not allowed to overlap.
create or replace function release_outcome(in_conference uuid, targets slot_target[])
returns table (slot uuid, session uuid, room uuid, during tstzrange, content jsonb)
language sql stable as $$
	select t.slot, t.session, t.room, t.during, t.content from unnest(targets) t where not t.cancelled and not t.overlap_ok
	union all
	select p.slot, p.session, p.room, p.during, p.content from published p
	where p.conference = in_conference and not p.cancelled and not p.overlap_ok
		and not exists (select from unnest(targets) t where t.slot = p.slot)
$$;

-- Pairs in one room at one time of which at least one changes. What the constraint slot_room_free refuses, found before it does.
create or replace function release_overlaps(in_conference uuid, targets slot_target[], touched uuid[]) returns json
language sql stable as $$
	with o as materialized (select * from release_outcome(in_conference, targets))
	select coalesce(json_agg(json_build_object('room', a.room, 'first', a.slot, 'second', b.slot) order by lower(a.during), a.slot), '[]')
	from o a join o b on b.room = a.room and (lower(b.during), b.slot) > (lower(a.during), a.slot) and b.during && a.during
	where a.slot = any (touched) or b.slot = any (touched)
$$;

-- Speakers who would be in two places at once. The same session in two rooms at a time is one place for them.
create or replace function release_clashes(in_conference uuid, targets slot_target[], touched uuid[]) returns json
language sql stable as $$
	with o as materialized (
		select o.slot, o.session, o.during, x ->> 'id' as speaker, x ->> 'name' as name
		from release_outcome(in_conference, targets) o, jsonb_array_elements(o.content -> 'speakers') x
	)
	select coalesce(json_agg(json_build_object('speaker', json_build_object('id', a.speaker, 'name', a.name),
		'first', a.slot, 'second', b.slot) order by lower(a.during), a.slot, a.name), '[]')
	from o a join o b on b.speaker = a.speaker and b.session <> a.session
		and (lower(b.during), b.slot) > (lower(a.during), a.slot) and b.during && a.during
	where a.slot = any (touched) or b.slot = any (touched)
$$;

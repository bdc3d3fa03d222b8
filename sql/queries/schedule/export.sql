-- The published programme for services/schedule to write as a file: nearly the shape files are read into.
with slots as materialized (
	select p.slot, p.session, p.room as room_id, p.during, p.cancelled, p.anchor, p.min_s, r.guid as room_guid, c.*,
		row_number() over (partition by p.session order by p.cancelled, lower(p.during), p.slot) as nth,
		count(*) over (partition by p.session) as held
	from published p
		join room r on r.id = p.room
		cross join lateral jsonb_to_record(p.content) as c(guid text, number int, slug text, title text, subtitle text,
			abstract text, description text, language text, kind text, track jsonb, url text, room text, extra jsonb,
			talks jsonb, speakers jsonb)
	where p.conference = $1::uuid and not p.cancelled
), people as (
	select distinct on (x.guid) x.guid, x.name, coalesce(p.extra, '{}') as extra
	from slots s cross join lateral jsonb_to_recordset(s.speakers) as x(guid text, name text)
		left join speaker p on p.conference = $1::uuid and p.guid = x.guid
	order by x.guid, s.slot
), numbered as (
	-- Second occurrences of a session get a guid and a number of their own: a file knows one place an event.
	select s.*, case when nth = 1 then s.number else (select max(number) from slots)
		+ (row_number() over (partition by nth = 1 order by lower(during), slot))::int end as event_number,
		case when nth = 1 then s.guid else s.slot::text end as event_guid,
		case when nth = 1 or s.slug = '' then s.slug else s.slug || '-' || left(s.slot::text, 8) end as event_slug
	from slots s
), named as (
	select n.*, (select coalesce(json_agg(x -> 'guid' order by i), '[]')
			from jsonb_array_elements(n.speakers) with ordinality as u(x, i)) as guids,
		case when jsonb_array_length(n.talks) <> 1 or n.talks #>> '{0,title}' <> n.title then n.talks end as talk_list
	from numbered n
)
select json_build_object(
	'conference', json_build_object('slug', k.slug, 'title', k.title, 'subtitle', k.subtitle, 'venue', k.venue,
		'zone', k.zone, 'starts', k.starts, 'ends', k.ends, 'frab', coalesce(k.info -> 'frab', '{}'),
		'info', k.info - 'frab'),
	'release', coalesce((select max(number) from release where conference = k.id), 0),
	'modified', greatest((select extract(epoch from max(at))::bigint from release where conference = k.id),
		(select extract(epoch from max(revised))::bigint from published where conference = k.id), 0),
	'rooms', (select coalesce(json_agg(json_build_object('guid', r.guid, 'name', x.name, 'capacity', x.capacity,
		'extra', r.extra) order by x.ord, x.name), '[]') from release_rooms(k.id) x join room r on r.id = x.room),
	'tracks', (select coalesce(json_agg(json_build_object('name', x.name, 'color', x.color, 'slug', coalesce(x.slug, name_slug(x.name)))
		order by x.ord, x.name), '[]') from release_tracks(k.id) x),
	'speakers', (select coalesce(json_agg(json_build_object('guid', guid, 'name', name, 'extra', extra) order by guid),
		'[]') from people),
	'days', (
		select coalesce(json_agg(json_build_object('date', day, 'start', iso_local(day + interval '4 hours', k.zone),
			'end', iso_local(day + interval '28 hours', k.zone)) order by day), '[]')
		from (select d::date as day from generate_series(k.starts, k.ends, interval '1 day') d
			union select frab_day(lower(during), k.zone) from slots) x),
	'events', (select coalesce(json_agg(json_strip_nulls(json_build_object(
		'guid', event_guid, 'number', event_number, 'slug', event_slug, 'title', title, 'subtitle', subtitle,
		'abstract', abstract, 'description', description, 'language', language, 'kind', kind,
		'track', coalesce(track ->> 'name', ''), 'url', url, 'room', room,
		'slot', slot, 'of', case when held > 1 then guid end, 'anchor', case when anchor then true end, 'min_s', min_s,
		'day', frab_day(lower(during), k.zone),
		'start', iso_local(lower(during) at time zone k.zone, k.zone, lower(during)),
		'end', iso_local(upper(during) at time zone k.zone, k.zone, upper(during)),
		'seconds', extract(epoch from upper(during) - lower(during))::bigint,
		'speakers', guids, 'talks', talk_list, 'extra', extra)) order by lower(during), event_number), '[]') from named)
) as doc
from conference k where k.id = $1::uuid

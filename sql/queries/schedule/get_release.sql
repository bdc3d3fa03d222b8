-- schedule.get of an earlier release: the programme as people saw it then. $3 its number.
with slots as materialized (
	select v.slot, v.session, v.room, v.during, v.cancelled, v.revision, c.guid, c.title, c.subtitle, c.abstract,
		c.description, c.language, c.kind, c.track, c.talks
	from (select distinct on (slot) * from slot_revision where conference = $1::uuid and release <= $3::int
			order by slot, release desc) v
		cross join lateral jsonb_to_record(v.content) as c(guid text, title text, subtitle text, abstract text, description text,
			language text, kind text, track jsonb, talks jsonb)
	where v.cancelled is not null
), sessions as (
	select distinct on (session) * from slots order by session, cancelled, lower(during), slot
)
select json_build_object(
	'release', r.number, 'position', channel_head(k.id, 'schedule'), 'zone', k.zone,
	'conference', json_build_object('id', k.id, 'slug', k.slug, 'title', k.title, 'subtitle', k.subtitle,
		'venue', k.venue, 'zone', k.zone, 'starts', k.starts, 'ends', k.ends),
	'time', iso(plenum_now(k.id)), 'at', iso(r.at), 'note', r.note,
	'rooms', (
		select coalesce(json_agg(json_build_object('id', x.room, 'name', x.name, 'capacity', x.capacity,
			'online_capacity', x.online_capacity,
			'virtual', exists (select from stream s where s.room = x.room)) order by x.ord, x.name), '[]')
		from release_rooms(k.id, r.number) x),
	'tracks', (
		select coalesce(json_agg(json_build_object('id', x.track, 'name', x.name, 'color', x.color) order by x.ord, x.name), '[]')
		from release_tracks(k.id, r.number) x),
	'sessions', (
		select coalesce(json_agg(json_build_object('id', s.session, 'guid', s.guid, 'title', s.title,
			'subtitle', s.subtitle, 'abstract', s.abstract, 'description', s.description, 'language', s.language,
			'kind', s.kind, 'track', s.track ->> 'id', 'talks', (
				select coalesce(json_agg(json_build_object('id', t -> 'id', 'title', t -> 'title', 'speakers', t -> 'speakers')
					order by i), '[]')
				from jsonb_array_elements(s.talks) with ordinality as u(t, i)))
			order by lower(s.during), s.slot), '[]')
		from sessions s),
	'slots', (
		select coalesce(json_agg(json_build_object('id', slot, 'session', session, 'room', room, 'start', iso(lower(during)),
			'end', iso(upper(during)), 'state', case when cancelled then 'cancelled' else 'planned' end,
			'version', revision, 'sequence', revision) order by lower(during), slot), '[]')
		from slots)
) as reply
from conference k join release r on r.conference = k.id and r.number = $3::int
where k.id = $1::uuid and ($2::uuid is null or true)

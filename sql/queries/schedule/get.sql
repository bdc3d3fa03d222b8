-- The whole published programme as one document. Texts are those of the release; only what runs (started, ended) is live.
with slots as materialized (
	select p.slot, p.session, p.room, p.during, p.started, p.ended, p.cancelled, p.version, p.revision,
		p.anchor, p.min_s, p.added, x.starts as expected_start, x.ends as expected_end, x.assumed, x.unconfirmed,
		c.guid, c.title, c.subtitle, c.abstract, c.description, c.language, c.kind, c.track, c.talks
	from published p left join expected x on x.slot = p.slot
		cross join jsonb_to_record(p.content) as c(guid text, title text, subtitle text, abstract text,
			description text, language text, kind text, track jsonb, talks jsonb)
	where p.conference = $1::uuid
), sessions as (
	select distinct on (session) * from slots order by session, cancelled, lower(during), slot
), ran as materialized (
	select id::text, iso(started) as started, iso(ended) as ended, case when no_show is not null then true end as no_show from talk
	where conference = $1::uuid and (started is not null or no_show is not null)
), talks as (
	select s.session, json_agg(case when ran.id is null
			then json_build_object('id', t.id, 'title', t.title, 'speakers', t.speakers)
			else json_strip_nulls(json_build_object('id', t.id, 'title', t.title, 'speakers', t.speakers,
				'started', ran.started, 'ended', ran.ended, 'no_show', ran.no_show)) end order by t.ord) as talks
	from sessions s
		cross join lateral rows from (jsonb_to_recordset(s.talks) as (id text, title text, speakers jsonb))
			with ordinality as t(id, title, speakers, ord)
		left join ran on ran.id = t.id
	group by s.session
)
select json_build_object(
	'release', coalesce((select max(number) from release where conference = k.id), 0),
	'position', channel_head(k.id, 'schedule'), 'zone', k.zone,
	'offsets', conference_offsets(k.id),
	'conference', json_build_object('id', k.id, 'slug', k.slug, 'title', k.title, 'subtitle', k.subtitle,
		'venue', k.venue, 'zone', k.zone, 'starts', k.starts, 'ends', k.ends),
	'time', iso(plenum_now(k.id)),
	'rooms', (
		select coalesce(json_agg(json_build_object('id', x.room, 'name', x.name, 'capacity', x.capacity,
			'online_capacity', x.online_capacity,
			'virtual', exists (select from stream s where s.room = x.room)) order by x.ord, x.name), '[]')
		from release_rooms(k.id) x),
	'tracks', (
		select coalesce(json_agg(json_build_object('id', x.track, 'name', x.name, 'color', x.color) order by x.ord, x.name), '[]')
		from release_tracks(k.id) x),
	'sessions', (
		select coalesce(json_agg(json_build_object('id', s.session, 'guid', s.guid, 'title', s.title,
			'subtitle', s.subtitle, 'abstract', s.abstract, 'description', s.description, 'language', s.language,
			'kind', s.kind, 'track', s.track ->> 'id', 'talks', coalesce(t.talks, '[]'))
			order by lower(s.during), s.slot), '[]')
		from sessions s left join talks t on t.session = s.session),
	'slots', (
		select coalesce(json_agg(slot_json(slot, session, room, lower(during), upper(during), started, ended,
			cancelled, version, revision, anchor, min_s, expected_start, expected_end, assumed, unconfirmed, added) order by lower(during), slot), '[]')
		from slots)
) as reply
from conference k where k.id = $1::uuid and ($2::uuid is null or true)

-- The streams anybody may be sent to, by room: a link leads through our own door, so it is not among them. $1 conference.
select json_build_object('at', iso(plenum_now(k.id)),
	'release', coalesce((select max(number) from release where conference = k.id), 0),
	'rooms', coalesce((
		select json_agg(json_build_object('room', r.id, 'name', r.name, 'streams', x.streams) order by r.ord, r.name)
		from room r cross join lateral (
			select json_agg(json_strip_nulls(json_build_object('kind', s ->> 'kind', 'url', s ->> 'url', 'label', s ->> 'label',
				'language', s ->> 'language', 'starts', s ->> 'starts', 'ends', s ->> 'ends')) order by i) as streams
			from json_array_elements(room_streams(k.id, r.id) -> 'streams') with ordinality as u(s, i)
			where s ->> 'kind' in ('hls', 'embed') and s ->> 'url' ~ '^https?://') x
		where r.conference = k.id and x.streams is not null), '[]')) as doc
from conference k where k.id = $1::uuid

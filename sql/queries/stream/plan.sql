-- stream.plan: what the command line needs for the uplink: places online, renditions in kbit/s, and where streams come from.
select json_build_object(
	'rooms', (select coalesce(json_agg(json_build_object('name', r.name, 'online_capacity', r.online_capacity,
			'streams', (select count(*) from stream s where s.room = r.id)) order by r.ord, r.name), '[]')
		from room r where r.conference = c.id),
	'urls', (select coalesce(json_agg(distinct u.url), '[]') from stream s, unnest(array[s.url, s.audio_url]) u(url)
		where s.conference = c.id and s.kind = 'hls' and u.url is not null),
	'renditions', coalesce(c.info -> 'streaming' -> 'renditions', '[]'::jsonb)) as reply
from conference c where c.id = $1::uuid and ($2::uuid is null or true)

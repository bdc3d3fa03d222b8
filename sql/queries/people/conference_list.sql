-- conference.list: all there are.
select json_build_object('conferences', coalesce(json_agg(json_build_object('id', c.id, 'slug', c.slug, 'title', c.title,
	'zone', c.zone, 'starts', c.starts, 'ends', c.ends, 'is_default', c.is_default, 'time', iso(plenum_now(c.id)),
	'people', (select count(*) from person p where p.conference = c.id)) order by c.starts, c.slug), '[]')) as reply
from conference c

-- checkin.settings: lists with their rules, zones, categories, the days of the conference, and its places on site.
select json_build_object(
	'lists', (select coalesce(json_agg(list_json(l) order by l.name, l.id), '[]') from checkin_list l where l.conference = c.id),
	'zones', (select coalesce(json_agg(zone_json(z) order by z.name, z.id), '[]') from zone z where z.conference = c.id),
	'categories', (select coalesce(json_agg(category_json(g) order by g.ord, g.name, g.id), '[]') from category g where g.conference = c.id),
	'days', (select json_agg(d::date order by d) from generate_series(c.starts::timestamp, c.ends::timestamp, interval '1 day') d),
	'seats', c.seats) as reply
from conference c where c.id = $1::uuid and ($2::uuid is null or true)

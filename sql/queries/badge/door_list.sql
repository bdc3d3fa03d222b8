-- badge.door_list: 500 of those who may come in, A–Z, for paper. $3 list, $4 how many to pass over. Of a list with rules, those whose category
-- stands in one.
with l as (
	select l.id, l.name from checkin_list l where l.conference = $1::uuid and l.id = $3::uuid and $2::uuid is not null
), found as (
	select p.id, p.name, p.mode, p.organisation, p.category, count(*) over () as total,
		row_number() over (order by badge_family(p.name) collate "da-x-icu", p.name collate "da-x-icu", p.id) as nth
	from person p join registration r on r.person = p.id and r.state = 'confirmed' cross join l
	where p.conference = $1::uuid
		and (not exists (select from list_rule x where x.list = l.id)
			or exists (select from list_rule x where x.list = l.id and (x.category is null or x.category = p.category)))
	order by nth limit 500 offset $4::int
)
select json_build_object('list', (select json_build_object('id', l.id, 'name', l.name) from l), 'time', iso(plenum_now($1::uuid)),
	'total', coalesce(max(f.total), 0), 'people', coalesce(json_agg(json_strip_nulls(json_build_object('name', f.name,
		'organisation', f.organisation, 'category', c.name, 'mode', f.mode, 'sealed', e.sealed, 'came', iso(a.at))) order by f.nth)
		filter (where f.id is not null), '[]')) as reply
from l left join found f on true
	left join category c on c.id = f.category
	left join lateral (select e.sealed from entry_code e where e.person = f.id order by e.generation desc limit 1) e on true
	left join lateral (select a.at from admission a where a.list = l.id and a.person = f.id and a.undone is null limit 1) a on true
group by l.id

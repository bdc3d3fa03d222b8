-- checkin.lists: the conference's lists by name; a kiosk hears of its own.
select json_build_object('lists', coalesce(json_agg(json_strip_nulls(json_build_object('id', l.id, 'name', l.name,
	'opens', iso(l.opens), 'closes', iso(l.closes), 'capacity', l.capacity)) order by l.name, l.id), '[]')) as reply
from checkin_list l
where l.conference = $1::uuid and not exists (select from station s where s.id = $2::uuid and s.list <> l.id)

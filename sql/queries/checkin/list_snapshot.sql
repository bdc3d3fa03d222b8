-- Channel list:<id>: the figures of a list. $2 list.
select channel_head($1::uuid, 'list:' || l.id) as head,
	json_build_object('list', json_build_object('id', l.id, 'name', l.name), 'admitted', s.f -> 'admitted',
		'inside', s.f -> 'inside', 'refused', s.f -> 'refused', 'conflicts', s.f -> 'conflicts',
		'capacity', l.capacity, 'opens', iso(l.opens), 'closes', iso(l.closes)) as snapshot,
	null::json as tally
from checkin_list l cross join lateral (select list_stats($1::uuid, l.id) as f offset 0) s
where l.conference = $1::uuid and l.id = $2::uuid

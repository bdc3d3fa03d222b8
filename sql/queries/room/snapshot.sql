-- room:<id>: what a page about one room shows. $2 room.
select channel_head($1::uuid, 'room:' || r.id) as head,
	json_build_object('room', json_build_object('id', r.id, 'name', r.name), 'time', iso(plenum_now($1::uuid)),
		'streams', room_streams($1::uuid, r.id), 'notices', room_notices($1::uuid, r.id)) as snapshot,
	coalesce((select json_agg(json_build_array(t.key, t.value) order by t.key) from channel c join tally t on t.channel = c.id
		where c.conference = $1::uuid and c.name = 'room:' || r.id), '[]') as tally
from room r where r.conference = $1::uuid and r.id = $2::uuid

-- captions:<room>: the last 20 lines. $2 room.
select channel_head($1::uuid, 'captions:' || r.id) as head,
	json_build_object('room', r.id, 'captions', coalesce((select json_agg(x.data order by x.position) from (
		select e.position, e.data from channel c join channel_event e on e.channel = c.id
		where c.conference = $1::uuid and c.name = 'captions:' || r.id
		order by e.position desc limit 20) x), '[]')) as snapshot, null::json as tally
from room r where r.conference = $1::uuid and r.id = $2::uuid

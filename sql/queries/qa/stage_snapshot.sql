-- Channel stage:<room>: the question and the talk on that stage. $2 room.
select channel_head($1::uuid, 'stage:' || r.id) as head,
	(s.shown::jsonb || jsonb_build_object('room', json_build_object('id', r.id, 'name', release_room_name(r.conference, r.id)),
		'time', iso(plenum_now($1::uuid))))::json as snapshot,
	null::json as tally
from room r cross join lateral (select stage_shown($1::uuid, r.id) as shown offset 0) s
where r.conference = $1::uuid and r.id = $2::uuid

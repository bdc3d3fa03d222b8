-- stream.join: where one slot can be watched now: what plays in its room. $3 slot.
select json_build_object('url', s.url, 'room', p.room, 'kind', s.kind, 'session', p.session) as reply
from published p left join room_live l on l.room = p.room
	left join stream s on s.id = coalesce(l.stream, stream_by_clock(p.room, plenum_now($1::uuid)))
where p.conference = $1::uuid and p.slot = $3::uuid and not p.cancelled and ($2::uuid is null or true)

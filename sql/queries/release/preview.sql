-- What a release would change, and which slots of the draft stand in one room at one time.
select json_build_object(
	'changes', (
		select coalesce(json_agg(json_build_object('slot', slot, 'change', change, 'before', before, 'after', after)
			order by after ->> 'start', after ->> 'room_name', slot), '[]')
		from draft_changes(k.id)),
	'overlaps', (
		select coalesce(json_agg(json_build_object('room', a.room, 'first', a.id, 'second', b.id)
			order by a.starts, a.id), '[]')
		from slot a join slot b on b.room = a.room and (b.starts, b.id) > (a.starts, a.id) and b.starts < a.ends
		where a.conference = k.id and b.conference = k.id and not (a.cancelled or b.cancelled)
			and not (a.overlap_ok or b.overlap_ok))
) as reply
from conference k where k.id = $1::uuid and ($2::uuid is null or true)

-- A new slot in the draft: $5 session, $6 room, $7 start, $8 end.
with made as (
	insert into slot (conference, session, room, starts, ends)
	select s.conference, s.id, r.id, $7::timestamptz, $8::timestamptz
	from session s join room r on r.conference = s.conference
	where s.conference = $1::uuid and s.id = $5::uuid and r.id = $6::uuid
	returning *
)
select write_done($1::uuid, $2::uuid, $3::uuid, $4::bytea, json_build_object('slot', id, 'version', version),
	array[row('draft', 'slot.created', slot_json(id, session, room, starts, ends, null, null, cancelled, version,
		null))::ev]) as reply
from made

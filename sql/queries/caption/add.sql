-- caption.add: one line as it is spoken. $5 room, $6 text, $7 language, $8 at (null: now).
select write_done($1::uuid, $2::uuid, $3::uuid, $4::bytea, json_build_object('room', r.id), array[
	row('captions:' || r.id, 'caption.added', json_build_object('text', $6::text, 'language', coalesce($7::text, ''),
		'at', iso(coalesce($8::timestamptz, plenum_now($1::uuid)))))::ev]) as reply
from room r where r.conference = $1::uuid and r.id = $5::uuid

-- list.sign_in: whether the screens of a list sign people in. $5 list, $6 on.
with changed as (
	update checkin_list l set sign_in = $6::boolean where l.conference = $1::uuid and l.id = $5::uuid returning l.id, l.sign_in
)
select write_done($1::uuid, $2::uuid, $3::uuid, $4::bytea, json_build_object('list', c.id, 'on', c.sign_in), '{}') as reply
from changed c

-- checkin.list_create. $5 name, $6 opens, $7 closes, $8 capacity.
with made as (
	insert into checkin_list (conference, name, opens, closes, capacity)
	values ($1::uuid, $5::text, $6::timestamptz, $7::timestamptz, $8::int)
	returning id
)
select write_done($1::uuid, $2::uuid, $3::uuid, $4::bytea, json_build_object('list', m.id), '{}') as reply from made m

-- station.pin: another PIN for a station, or none; its tries begin again. $5 station, $6 hash or null.
with changed as (
	update station s set pin_hash = $6::bytea, pin_tries = 0
	where s.conference = $1::uuid and s.id = $5::uuid and s.revoked is null
	returning s.id, s.pin_hash is not null as pin
), logged as (
	insert into audit (conference, actor, action, subject) select $1::uuid, $2::uuid, 'station.pin', id from changed
)
select write_done($1, $2, $3, $4, json_build_object('station', c.id, 'pin', c.pin),
	array[row('station:' || c.id, 'station.changed', json_build_object('station', c.id, 'pin', c.pin))::ev]) as reply
from changed c

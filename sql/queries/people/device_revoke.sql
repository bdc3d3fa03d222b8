-- device.revoke: a station and its logins are over; its socket is closed. $5 station.
with asked as (
	select id, revoked from station where conference = $1::uuid and id = $5::uuid for update
), ended as (
	update station s set revoked = now() from asked a where s.id = a.id and a.revoked is null returning s.id
), logins as (
	update login l set revoked = now() from ended e
	where l.conference = $1::uuid and l.station = e.id and l.revoked is null returning l.id
), logged as (
	insert into audit (conference, actor, action, subject)
	select $1::uuid, $2::uuid, 'device.revoked', id from ended
)
select write_done($1, $2, $3, $4,
	case when a.revoked is null then json_build_object('station', a.id)
		else json_build_object('station', a.id, 'noop', true) end,
	array(select row('station:' || id, 'station.revoked', json_build_object('station', id))::ev from ended)
	|| array(select row('worker', 'login.revoked', json_build_object('login', id))::ev from logins)) as reply
from asked a

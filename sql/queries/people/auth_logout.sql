-- auth.logout: the session is over, its tickets and sockets too. $1 login.
with ended as (
	update login set revoked = now() where id = $1::uuid and revoked is null returning id, conference
), spent as (
	delete from ticket where login in (select id from ended)
)
select '{}' as reply
from ended e, channel_append(e.conference,
	array[row('worker', 'login.revoked', json_build_object('login', e.id))::ev])

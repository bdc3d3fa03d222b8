-- auth.ticket: 30 s of access to one socket. $1 login, $2 hash.
with made as (
	insert into ticket (hash, login, expires)
	select $2::bytea, l.id, now() + interval '30 seconds'
	from login l
	where l.id = $1::uuid and l.revoked is null and l.expires > now()
	returning login
)
select login from made

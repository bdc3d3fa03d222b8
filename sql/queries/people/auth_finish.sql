-- auth.finish: one of five tries of a mailed code; the right one signs in. $1 request, $2 hash of request and code.
with tried as (
	update sign_in set tries = tries + 1, used = case when code_hash = $2::bytea and person is not null then now() end
	where id = $1::uuid and kind = 'mail' and used is null and tries < 5 and expires > now()
	returning conference, person, used
), made as (
	insert into login (conference, kind, person, expires)
	select conference, 'session', person, login_expiry(conference) from tried where used is not null
	returning id, conference, person, expires
)
select id as login, conference, person as subject, extract(epoch from expires)::bigint as expires,
	login_person(person) as reply
from made

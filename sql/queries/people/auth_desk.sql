-- auth.desk: spends a code that login.issue handed out. $1 slug, $2 hash.
with used as (
	update sign_in set used = now()
	where conference = conference_by($1::text) and kind = 'desk' and code_hash = $2::bytea and used is null
		and expires > now()
	returning conference, person
), made as (
	insert into login (conference, kind, person, expires)
	select conference, 'session', person, login_expiry(conference) from used
	returning id, conference, person, expires
)
select id as login, conference, person as subject, extract(epoch from expires)::bigint as expires,
	login_person(person) as reply
from made

-- token.create: a script's login, and the person it speaks for. $1 conference, $2 role, $3 e-mail, $4 name.
with owner as (
	insert into person (conference, email, name) values ($1::uuid, $3::text, $4::text)
	on conflict on constraint person_email_once do update set email = excluded.email
	returning id
), registered as (
	insert into registration (person, conference) select id, $1::uuid from owner
	on conflict on constraint registration_once do nothing
), granted as (
	insert into role_grant (conference, person, role) select $1::uuid, id, $2::text from owner
	on conflict on constraint role_grant_once do nothing
	returning person
), made as (
	insert into login (conference, kind, person, expires)
	select $1::uuid, 'script', id, now() + interval '30 days' from owner
	returning id, conference, person, expires
), told as materialized (
	select count(*) as n from granted g, channel_append($1::uuid,
		array[row('worker', 'role.changed', json_build_object('person', g.person))::ev])
)
select m.id as login, m.conference, m.person as subject, extract(epoch from m.expires)::bigint as expires, t.n
from made m, told t

-- login.issue: a one-use code for somebody at the desk. $5 person, $6 hash of the code, $7 may it be for staff?
with asked as (
	select p.id, $7::boolean or not exists (select from role_grant g where g.conference = $1::uuid
		and g.person = p.id and g.role not in ('attendee', 'speaker')) as allowed
	from person p where p.conference = $1::uuid and p.id = $5::uuid
), made as (
	insert into sign_in (conference, kind, person, code_hash, issued_by, expires)
	select $1::uuid, 'desk', id, $6::bytea, (select i.id from person i where i.id = $2::uuid), now() + interval '10 minutes' from asked where allowed
	returning expires
), logged as (
	insert into audit (conference, actor, action, subject)
	select $1::uuid, $2::uuid, 'login.issued', id from asked where allowed
)
select write_done($1, $2, $3, $4, json_build_object('expires', iso(expires)), '{}') as reply, null as fault from made
union all
select null, 'denied' from asked where not allowed

-- entry_code.revoke: none of a person's codes opens the door until there is a new one. $5 person.
with asked as (
	select p.id from person p where p.conference = $1::uuid and p.id = $5::uuid for no key update
), ended as (
	update entry_code e set revoked = now(), changed = clock_timestamp() from asked a
	where e.conference = $1::uuid and e.person = a.id and e.revoked is null
	returning e.person
), logged as (
	insert into audit (conference, actor, action, subject)
	select distinct $1::uuid, $2::uuid, 'entry_code.revoke', e.person::text from ended e
)
select write_done($1, $2, $3, $4,
	case when x.n > 0 then json_build_object('person', a.id) else json_build_object('person', a.id, 'noop', true) end,
	case when x.n > 0 then code_events($1::uuid, a.id) else '{}' end) as reply
from asked a cross join (select count(*) as n from ended) x

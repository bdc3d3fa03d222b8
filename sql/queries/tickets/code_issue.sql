-- entry_code.issue: a new code; the ones before are superseded. $5 person, $6 lookup, $7 row key, $8 sealed, $9 mail it?
with asked as (
	select p.id, p.name, p.email, coalesce(r.state = 'confirmed', false) as registered
	from person p left join registration r on r.person = p.id
	where p.conference = $1::uuid and p.id = $5::uuid
	for no key update of p
), made as (
	insert into entry_code (conference, person, generation, lookup, row_key, sealed)
	select $1::uuid, a.id, coalesce((select max(e.generation) from entry_code e where e.person = a.id), 0) + 1,
		$6::bytea, $7::bytea, $8::bytea
	from asked a where a.registered
	returning person, generation, sealed
), mailed as (
	insert into outbox (conference, dedupe, recipient, subject, body)
	select $1::uuid, 'code:' || m.person || ':' || m.generation, a.email, 'Your new entry code for ' || k.title, code_mail(a.name, k, m.sealed)
	from made m join asked a on a.id = m.person join conference k on k.id = $1::uuid
	where $9::boolean
), logged as (
	insert into audit (conference, actor, action, subject, detail)
	select $1::uuid, $2::uuid, 'entry_code.issue', m.person, jsonb_build_object('generation', m.generation, 'mail', $9::boolean)
	from made m
)
select write_done($1, $2, $3, $4, json_build_object('person', m.person, 'generation', m.generation, 'sealed', m.sealed),
	code_events($1::uuid, m.person)) as reply, null::text as fault
from made m
union all
select null, 'entry_code.not_registered' from asked a where not a.registered

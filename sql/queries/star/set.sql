-- star.set: $5 session, $6 value. What is not in the programme cannot be starred; a star can always be taken off.
with known as materialized (
	select s.id from session s
	where s.conference = $1::uuid and s.id = $5::uuid
		and (not $6::boolean or exists (select from published p where p.session = s.id))
), added as (
	insert into star (conference, person, session)
	select $1::uuid, $2::uuid, k.id from known k where $6::boolean
	on conflict on constraint star_once do nothing
	returning session
), removed as (
	delete from star s using known k where s.person = $2::uuid and s.session = k.id and not $6::boolean
	returning s.session
)
select write_done($1, $2, $3, $4, json_build_object('session', k.id, 'value', $6::boolean),
	array(select row('person:' || $2::uuid, 'star.changed', json_build_object('session', x.session, 'value', $6::boolean))::ev
		from (select session from added union all select session from removed) x)) as reply
from known k

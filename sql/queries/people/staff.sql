-- people.staff: everybody with a role beyond attendee.
select json_build_object('people', (
	select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'email', p.email,
		'roles', to_json(people_roles(p.conference, p.id)), 'scope', people_scope(p.conference, p.id)) order by p.name, p.id), '[]')
	from person p
	where p.conference = k.id and exists (select from role_grant g
		where g.conference = k.id and g.person = p.id and g.role <> 'attendee'))) as reply
from conference k where k.id = $1::uuid and ($2::uuid is null or true)

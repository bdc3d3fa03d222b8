-- people.get: what we hold about oneself.
select json_build_object('person', json_build_object('id', id, 'name', name, 'email', email, 'mode', mode,
	'roles', to_json(people_roles(conference, id)))) as reply
from person where conference = $1::uuid and id = $2::uuid

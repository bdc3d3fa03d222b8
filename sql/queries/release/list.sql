-- release.list: the newest first.
select json_build_object('releases', (
	select coalesce(json_agg(json_build_object('release', number, 'at', iso(at), 'note', note,
		'changes', jsonb_array_length(diff), 'reverts', reverts) order by number desc), '[]')
	from release where conference = k.id)) as reply
from conference k where k.id = $1::uuid and ($2::uuid is null or true)

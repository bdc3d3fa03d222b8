-- release.get: one with its differences. $3 its number.
select json_build_object('release', number, 'at', iso(at), 'note', note, 'changes', jsonb_array_length(diff), 'reverts', reverts,
	'diff', diff) as reply
from release where conference = $1::uuid and number = $3::int and ($2::uuid is null or true)

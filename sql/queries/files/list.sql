-- file.list: what there is for a talk or a poster, of that what the caller may have. $3 kind, $4 subject.
select json_build_object('files', coalesce((select json_agg(file_json(f) order by f.created, f.id)
	from file f where f.conference = $1::uuid and f.kind = $3::text and $4::uuid = coalesce(f.talk, f.abstract) and f.state <> 'refused'
		and (f.state = 'ready' or f.person = $2::uuid) and file_may_read($2::uuid, f)), '[]'),
	'may', file_may_write($1::uuid, $2::uuid, $3::text, $4::uuid)) as reply
from conference k where k.id = $1::uuid
	and (exists (select from talk t where t.conference = k.id and t.id = $4::uuid)
		or exists (select from abstract a where a.conference = k.id and a.id = $4::uuid))

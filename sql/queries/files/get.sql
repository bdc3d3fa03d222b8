-- GET /files/<id>, for who may have it. $3 file.
select case when x.may then json_build_object('file', f.id, 'name', f.name, 'type', f.type, 'size', f.size,
		'sha256', encode(f.sha256, 'hex'))::text end as reply,
	case when not x.may then 'denied' end as fault
from file f cross join lateral (select file_may_read($2::uuid, f) as may) x
where f.conference = $1::uuid and f.id = $3::uuid and f.state = 'ready'

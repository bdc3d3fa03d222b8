-- checkin.undo: takes back the admission that a scan stands for. $5 scan, $6 reason.
with meant as (
	select s.scan_id, s.list, coalesce(s.first_scan, s.scan_id) as admitting
	from scan s
	where s.conference = $1::uuid and s.scan_id = $5::uuid and s.verdict <> 'refused' and s.direction = 'entry'
), undone as (
	update admission a set undone = plenum_now($1::uuid), undone_by = $2::uuid, undo_reason = $6::text
	from meant m
	where a.conference = $1::uuid and a.scan = m.admitting and a.undone is null
	returning a.scan, a.list, a.person, a.undone
), logged as (
	insert into audit (conference, actor, action, subject, detail)
	select $1::uuid, $2::uuid, 'checkin.undo', u.scan::text,
		jsonb_build_object('reason', $6::text, 'list', u.list, 'person', u.person)
	from undone u
)
select write_done($1::uuid, $2::uuid, $3::uuid, $4::bytea, json_build_object('scan_id', $5::uuid),
	array[row('list:' || u.list, 'scan.undone', json_build_object('scan_id', u.scan, 'list', u.list,
		'reason', $6::text, 'staff', (select json_build_object('id', p.id, 'name', door_name(p.name))
			from person p where p.id = $2::uuid), 'at', iso(u.undone)))::ev]) as reply,
	null::text as fault
from undone u
union all
select null, 'checkin.undone' from meant where not exists (select from undone)

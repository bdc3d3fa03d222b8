-- file.remove: a file goes, ready or not. Its owner, and whoever may hand one in for the same. $5 file.
with asked as materialized (
	select f as file, file_may_write(f.conference, $2::uuid, f.kind, coalesce(f.talk, f.abstract)) or f.person = $2::uuid as may
	from file f where f.conference = $1::uuid and f.id = $5::uuid for update
), gone as (
	delete from file f using asked a where f.id = (a.file).id and a.may
), logged as (
	insert into audit (conference, actor, action, subject, detail)
	select $1::uuid, $2::uuid, 'file.remove', (a.file).id, jsonb_build_object('name', (a.file).name) from asked a where a.may
)
select case when a.may then write_done($1, $2, $3, $4, json_build_object('file', (a.file).id), file_events(a.file)) end as reply,
	case when not a.may then 'denied' end as fault
from asked a

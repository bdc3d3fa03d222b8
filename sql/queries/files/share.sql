-- file.share: slides are for whoever takes part, or no longer. $5 file, $6 value.
with asked as materialized (
	select f.id, file_may_write(f.conference, $2::uuid, f.kind, f.talk) as may
	from file f where f.conference = $1::uuid and f.id = $5::uuid and f.kind = 'slides' and f.state = 'ready' for update
), changed as (
	update file f set shared = $6::boolean from asked a where f.id = a.id and a.may returning f as file
)
select case when a.may then write_done($1, $2, $3, $4, json_build_object('file', a.id, 'shared', $6::boolean),
		(select file_events(c.file) from changed c)) end as reply,
	case when not a.may then 'denied' end as fault
from asked a

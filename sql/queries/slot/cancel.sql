-- Cancels a slot of the draft: $5 slot, $6 the version the caller saw.
with held as (
	select * from slot where id = $5::uuid and conference = $1::uuid
	for update
), changed as (
	update slot s set cancelled = true, version = s.version + 1
	from held h
	where s.id = h.id and s.conference = $1::uuid and not h.cancelled and h.version = $6::int
	returning s.*
)
select write_done($1::uuid, $2::uuid, $3::uuid, $4::bytea, json_build_object('slot', id, 'version', version),
	array[row('draft', 'slot.cancelled', slot_json(id, session, room, starts, ends, null, null, cancelled, version,
		null))::ev]) as reply, null::text as fault, null::json as current
from changed
union all
select null, case when version <> $6::int then 'conflict' else 'slot.state' end,
	slot_json(id, session, room, starts, ends, null, null, cancelled, version, null)
from held where not exists (select from changed)

-- Moves a slot of the draft: $5 slot, $6 room, $7 start, $8 end (each may be null: stays), $9 the version the caller saw.
with held as (
	select s.*, $6::uuid is null or exists (select from room r where r.id = $6::uuid and r.conference = $1::uuid) as known
	from slot s where s.id = $5::uuid and s.conference = $1::uuid
	for update of s
), changed as (
	update slot s set room = coalesce($6::uuid, h.room), starts = coalesce($7::timestamptz, h.starts),
		ends = coalesce($8::timestamptz, h.ends), overlap_ok = false, version = s.version + 1
	from held h
	where s.id = h.id and s.conference = $1::uuid and h.known and not h.cancelled and h.version = $9::int
	returning s.*
)
select write_done($1::uuid, $2::uuid, $3::uuid, $4::bytea, json_build_object('slot', id, 'version', version),
	array[row('draft', 'slot.moved', slot_json(id, session, room, starts, ends, null, null, cancelled, version,
		null))::ev]) as reply, null::text as fault, null::json as current
from changed
union all
select null, case when not known then 'not_found' when version <> $9::int then 'conflict' else 'slot.state' end,
	slot_json(id, session, room, starts, ends, null, null, cancelled, version, null)
from held where not exists (select from changed)

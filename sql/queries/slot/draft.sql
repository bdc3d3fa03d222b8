-- Snapshot of the channel `draft`: all its slots.
select channel_head(k.id, 'draft') as head, json_build_object('slots', (
		select coalesce(json_agg(slot_json(id, session, room, starts, ends, null, null, cancelled, version, null)
			order by starts, id), '[]')
		from slot where conference = k.id)) as snapshot, null::json as tally
from conference k where k.id = $1::uuid and ($2::uuid is null or true)

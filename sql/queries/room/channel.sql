-- Snapshot of the channel room:<id>: its slots from yesterday to tomorrow, its alarm, its streams and notices. $2 room.
select channel_head(k.id, 'room:' || r.id) as head, json_build_object(
	'room', json_build_object('id', r.id, 'name', release_room_name(r.conference, r.id)), 'time', iso(plenum_now(k.id)),
	'slots', (
		select coalesce(json_agg(slot_json(p.slot, p.session, p.room, lower(p.during), upper(p.during), p.started, p.ended,
			p.cancelled, p.version, p.revision, p.anchor, p.min_s, x.starts, x.ends, x.assumed, x.unconfirmed, p.added)
			order by lower(p.during), p.slot), '[]')
		from published p left join expected x on x.slot = p.slot
		where p.room = r.id and p.during && tstzrange(
			(date_trunc('day', plenum_now(k.id) at time zone k.zone) - interval '1 day') at time zone k.zone,
			(date_trunc('day', plenum_now(k.id) at time zone k.zone) + interval '2 days') at time zone k.zone)),
	'alarm', (select l.alarm from room_run l where l.room = r.id),
	'streams', room_streams(k.id, r.id), 'notices', room_notices(k.id, r.id)) as snapshot,
	coalesce((select json_agg(json_build_array(t.key, t.value)) from channel c join tally t on t.channel = c.id
		where c.conference = k.id and c.name = 'room:' || r.id), '[]') as tally
from room r join conference k on k.id = r.conference
where k.id = $1::uuid and r.id = $2::uuid

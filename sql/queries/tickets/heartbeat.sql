-- station.heartbeat: what a station says of itself; its own row, the last one counts. $3 boot, $4 the rest as JSON. `since`: on the line
-- without a gap.
with heard as (
	insert into station_state (station, conference, seen, since, boot_id, said)
	select s.id, s.conference, now(), now(), $3::uuid, $4::jsonb
	from station s where s.conference = $1::uuid and s.id = $2::uuid and s.revoked is null
	on conflict on constraint station_state_once do update set seen = excluded.seen, boot_id = excluded.boot_id, said = excluded.said,
		since = case when station_online(station_state.seen) and station_state.boot_id = excluded.boot_id
			then station_state.since else excluded.since end
	returning station
)
select json_build_object('now', iso(now()), 'time', iso(plenum_now($1::uuid))) as reply from heard

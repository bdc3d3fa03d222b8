-- Options of one's own calendar; null leaves one as it is. $5 feed, $6 label, $7 alarm, $8 cancelled, $9 time, $10 place.
with found as (
	select id, revoked is not null as gone, feed_zone_ok(conference, $9::text) as zone_ok
	from feed where id = $5::uuid and person = $2::uuid
), changed as (
	update feed f set label = coalesce($6::text, f.label), alarm = coalesce($7::int, f.alarm),
		cancelled = coalesce($8::text, f.cancelled), time = coalesce($9::text, f.time), place = coalesce($10::text, f.place)
	from found x where f.id = x.id and not x.gone and x.zone_ok
	returning f.id, json_build_object('feed', f.id, 'label', f.label, 'alarm', f.alarm, 'cancelled', f.cancelled, 'time', f.time,
		'place', f.place) as now
)
select write_done($1::uuid, $2::uuid, $3::uuid, $4::bytea, c.now, array[feed_changed(c.id)]) as reply, null as fault, null::json as current
from changed c
union all
select null, case when gone then 'feed.revoked' else 'feed.zone' end, null from found where gone or not zone_ok

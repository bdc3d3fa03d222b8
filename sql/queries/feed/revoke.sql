-- Switches off one's own calendar, once: $5 feed.
with found as (
	update feed set revoked = coalesce(revoked, now()) where id = $5::uuid and person = $2::uuid returning id, revoked
)
select write_done($1::uuid, $2::uuid, $3::uuid, $4::bytea, json_build_object('feed', id, 'revoked', iso(revoked)),
	array[feed_changed(id)]) as reply, null as fault, null::json as current
from found

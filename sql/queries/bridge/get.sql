-- bridge.get: whether a room has a link, and where it leads. $3 room, or $4 a session that is held there.
select case when m.may then bridge_shown($1::uuid, r.id)::text end as reply, case when not m.may then 'denied' end as fault, null::json as current
from (select coalesce($3::uuid, session_room($1::uuid, $4::uuid)) as id) r
	cross join lateral (select bridge_may($1::uuid, $2::uuid, r.id) as may offset 0) m
where exists (select from room x where x.conference = $1::uuid and x.id = r.id)

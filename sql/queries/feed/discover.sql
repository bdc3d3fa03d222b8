-- Which channels have moved since the fence, and the next fence. Whatever commits later has an xid at or above it (architecture §4).
select f.fence::text as fence, c.id, c.conference, c.name, m.head
from (select pg_snapshot_xmin(pg_current_snapshot()) as fence) f
left join (
	select channel, max(position) as head from channel_event where xid >= $1::text::xid8 group by channel
) m on true
left join channel c on c.id = m.channel

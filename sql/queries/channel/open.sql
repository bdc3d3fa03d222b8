-- A channel as a worker starts to carry it: its id, its head, and the events a resuming client may have missed.
select c.id, c.head, e.position, e.type, e.data
from channel c
left join lateral (
	select position, type, data from channel_event
	where channel = c.id and position > c.head - $3::bigint order by position
) e on true
where c.conference = $1::uuid and c.name = $2
order by e.position

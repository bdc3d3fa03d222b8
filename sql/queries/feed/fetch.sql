-- Bodies after each channel's own head, all channels at once.
select w.channel, e.position, e.type, e.data
from unnest($1::bigint[], $2::bigint[]) as w (channel, after)
join lateral (
	select position, type, data from channel_event
	where channel = w.channel and position > w.after order by position limit 500
) e on true
order by w.channel, e.position

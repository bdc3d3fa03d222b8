-- What mails attach, as a calendar shows it, and what all of a conference share: $1 mails. The conference itself is named by its own id.
select o.id as mail, k.title as conference, k.venue, k.zone, case when k.is_default then '' else '/e/' || k.slug end as under,
	k.info -> 'geo' ->> 'lat' as lat, k.info -> 'geo' ->> 'lon' as lon, c.*
from outbox o join conference k on k.id = o.conference
	cross join lateral (
		select x.*, false as whole from feed_content(o.conference, o.slots) x
		union all
		select x.*, true from feed_conference(k.id) x where k.id = any (o.slots)) c
where o.id = any ($1::uuid[])
order by o.id, not c.whole, c.starts, c.slot

-- The slots that mails are about, as a calendar shows them, and what all of a conference share: $1 mails.
select o.id as mail, k.title as conference, k.venue, k.zone, case when k.is_default then '' else '/e/' || k.slug end as under,
	k.info -> 'geo' ->> 'lat' as lat, k.info -> 'geo' ->> 'lon' as lon, c.*
from outbox o join conference k on k.id = o.conference cross join lateral feed_content(o.conference, o.slots) c
where o.id = any ($1::uuid[])
order by o.id, c.starts, c.slot

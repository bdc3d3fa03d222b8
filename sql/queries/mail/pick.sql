-- Mail that waits, for a pickup, for us alone for a minute. Somebody stands at a page and waits for a code; what goes to many comes after it.
with next as (
	select id, unsure from outbox
	where sent is null and bounced is null and tries < 20 and next_try <= now() and (lease is null or lease < now())
	order by lane, created limit 20 for update skip locked
)
update outbox o set lease = now() + interval '60 seconds', tries = o.tries + 1, unsure = true
from next n, conference c
where o.id = n.id and c.id = o.conference
returning o.id, o.recipient, o.subject, o.body, c.title, cardinality(o.slots) > 0 as slots, o.itip, n.unsure as again

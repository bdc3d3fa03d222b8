-- The heads of the channels this worker carries: used instead of the fence while a long transaction elsewhere holds it back.
select c.id, c.conference, c.name, c.head
from unnest($1::uuid[], $2::text[]) as w (conference, name)
join channel c on c.conference = w.conference and c.name = w.name

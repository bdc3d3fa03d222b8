-- The next conference whose static bundle is due, for us alone for two minutes. lease is what bundle/done.sql wants back.
with unknown as (
	insert into due (conference, kind, at)
	select k.id, 'bundle', now() from conference k
	where exists (select from release r where r.conference = k.id)
		and not exists (select from due d where d.conference = k.id and d.kind = 'bundle')
	on conflict on constraint due_once do nothing
), next as (
	select conference from due where kind = 'bundle' and at <= now() order by at limit 1 for update skip locked
)
update due d set at = now() + interval '2 minutes'
from next n join conference k on k.id = n.conference
where d.kind = 'bundle' and d.conference = n.conference
returning d.conference, k.slug, d.at as lease

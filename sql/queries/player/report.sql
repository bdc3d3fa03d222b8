-- player.report, merged. $2 people, $3 rooms, $4 states, $5 streams. No event: counts move in tally.
with cmd as materialized (
	select c.*, r.id is not null as known
	from unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[]) with ordinality as c(person, room, state, stream, ord)
	left join room r on r.id = c.room and r.conference = $1::uuid
), done as materialized (
	select player_report($1::uuid, array_agg(c.person order by c.ord), array_agg(c.room order by c.ord),
		array_agg(c.state order by c.ord), array_agg(c.stream order by c.ord))
	from cmd c where c.known and c.person is not null having count(*) > 0
)
select c.ord, case when not c.known then 'not_found' when c.person is null then 'denied' end as fault,
	case when c.known and c.person is not null
		then '{"room":"' || c.room || '","state":"' || c.state || '","positions":{}}' end as reply
from cmd c left join done on true

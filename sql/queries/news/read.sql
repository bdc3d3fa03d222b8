-- news.read, merged. $2 persons, $3 news. Somebody else's, or none at all, is not found; one that is read already is fine.
with cmd as (
	select c.* from unnest($2::uuid[], $3::uuid[]) with ordinality as c(person, news, ord)
), known as materialized (
	select c.ord, n.id, n.person from cmd c left join news n on n.id = c.news and n.conference = $1::uuid and n.person = c.person
), cleared as (
	update news n set read = now() from (select distinct id from known) k where n.id = k.id and n.read is null
	returning n.id, n.person
), told as materialized (
	select l.channel, max(l.position) as position from channel_append($1::uuid, array(
		select row('person:' || c.person, 'news.read', json_build_object('id', c.id))::ev from cleared c order by c.id)) l
	group by l.channel
)
select k.ord, case when k.id is null then 'not_found' end as fault,
	case when k.id is not null then with_positions(json_build_object('news', k.id),
		case when t.channel is not null then json_build_object(t.channel, t.position) end) end as reply
from known k left join told t on t.channel = 'person:' || k.person

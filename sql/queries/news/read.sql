-- news.read, merged. $2 persons, $3 news. Somebody else's, or none at all, is not found; one that is read already is fine.
with cmd as (
	select c.* from unnest($2::uuid[], $3::uuid[]) with ordinality as c(person, news, ord)
), known as materialized (
	select c.ord, n.id, n.person from cmd c left join news n on n.id = c.news and n.conference = $1::uuid and n.person = c.person
), cleared as (
	update news n set read = now() from (select distinct id from known) k where n.id = k.id and n.read is null
	returning n.id, n.person
), told as materialized (
	select l.ord from channel_append($1::uuid, array(
		select row('person:' || c.person, 'news.read', json_build_object('id', c.id))::ev from cleared c order by c.id)) l
)
select k.ord, case when k.id is null then 'not_found' end as fault,
	'{"news":"' || k.id || '","positions":{}}' as reply
from known k left join (select count(*) from told) t on true

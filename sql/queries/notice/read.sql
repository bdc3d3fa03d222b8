-- notice.read, merged. $2 readers, $3 notices, $4 whether each reader is a station. People are counted on notice:organiser.
with cmd as (
	select c.* from unnest($2::uuid[], $3::uuid[], $4::boolean[]) with ordinality as c(reader, notice, is_station, ord)
), known as materialized (
	select c.*, n.id from cmd c left join notice n on n.id = c.notice and n.conference = $1::uuid
), added as (
	insert into notice_read (notice, reader, is_station)
	select distinct on (id, reader) id, reader, is_station from known where id is not null and reader is not null order by id, reader
	on conflict on constraint notice_read_once do nothing
	returning notice, is_station
), more as (
	select notice, count(*) as n from added where not is_station group by notice
), counted as (
	insert into tally as t (channel, key, value, xid)
	select c.id, m.notice::text, m.n, pg_current_xact_id() from more m
	join channel c on c.conference = $1::uuid and c.name = 'notice:organiser' order by 2
	on conflict on constraint tally_once do update set value = t.value + excluded.value, xid = excluded.xid
)
select ord, case when id is null then 'not_found' end as fault,
	'{"notice":"' || id || '","positions":{}}' as reply
from known

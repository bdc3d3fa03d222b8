-- qa.vote, merged. $2 voters, $3 questions, $4 values, $5 seqs. One upsert of votes, one of tallies, both in key order; no event a vote.
with cmd as (
	select c.*
	from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::bigint[])
		with ordinality as c(person, question, value, seq, ord)
), asked as materialized (
	select q.id, q.talk, q.state in ('approved', 'on_stage') as votable
	from (select distinct question from cmd) c join question q on q.id = c.question and q.conference = $1::uuid
), windows as materialized (
	select a.talk, w.vote as open
	from (select distinct talk from asked) a cross join lateral talk_window($1::uuid, a.talk) w
), judged as materialized (
	select c.*, a.talk,
		case when a.id is null then 'not_found' when not a.votable then 'qa.state' when not w.open then 'qa.closed' end as fault
	from cmd c left join asked a on a.id = c.question left join windows w on w.talk = a.talk
), cast_votes as (
	-- A vote that is not newer writes back what is there: so each row tells what is stored, and its difference is zero.
	insert into vote as v (question, person, value, seq)
	select l.question, l.person, l.value, l.seq
	from (select distinct on (j.question, j.person) j.question, j.person, j.value, j.seq
		from judged j where j.fault is null
		order by j.question, j.person, j.seq desc, j.ord) l
	on conflict on constraint vote_once do update set previous = v.value,
		value = case when excluded.seq > v.seq then excluded.value else v.value end,
		at = case when excluded.seq > v.seq then excluded.at else v.at end,
		seq = greatest(v.seq, excluded.seq)
	returning v.question, v.person, v.value, v.seq, v.value - v.previous as difference
), moved as (
	select c.question, a.talk, sum(c.difference) as difference
	from cast_votes c join asked a on a.id = c.question
	group by c.question, a.talk having sum(c.difference) <> 0
), named as (
	select distinct 'talk:' || m.talk as name from moved m
), channels as materialized (
	select c.id, c.name from named n join channel c on c.conference = $1::uuid and c.name = n.name
), made as (
	insert into channel (conference, name)
	select $1::uuid, n.name from named n where not exists (select from channels c where c.name = n.name)
	order by n.name
	-- Writes the row back so that one made meanwhile is returned too.
	on conflict on constraint channel_once do update set head = channel.head
	returning id, name
), counted as (
	insert into tally as t (channel, key, value, xid)
	select c.id, m.question::text, m.difference, pg_current_xact_id()
	from moved m join (select * from channels union all select * from made) c on c.name = 'talk:' || m.talk
	order by 1, 2
	on conflict on constraint tally_once do update set value = t.value + excluded.value, xid = excluded.xid
)
select j.ord, j.fault,
	'{"question":"' || v.question || '","value":' || v.value || ',"seq":' || v.seq || ',"positions":{}}' as reply
from judged j left join cast_votes v on v.question = j.question and v.person = j.person and j.fault is null

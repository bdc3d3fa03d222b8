-- poll.vote, merged. $2 voters, $3 polls, $4 options (each an array), $5 seqs. One upsert of votes, one of counts, no event.
with cmd as (
	select c.person, c.poll, array(select distinct o from unnest(c.options::uuid[]) o order by o) as options, c.seq, c.ord
	from unnest($2::uuid[], $3::text[]::uuid[], $4::text[], $5::bigint[])
		with ordinality as c(person, poll, options, seq, ord)
), held as materialized (
	-- For share: an edit or the end of a poll waits for this batch, or this batch for it, and then the row is as that left it.
	select p.id, p.state, p.kind, p.option_ids from poll p
	where p.conference = $1::uuid and p.id in (select c.poll from cmd c) order by p.id for share
), judged as materialized (
	select c.*, case
		when p.id is null or p.state = 'draft' then 'not_found'
		when p.state <> 'running' then 'poll.closed'
		when not c.options <@ p.option_ids then 'poll.option'
		when p.kind = 'single' and cardinality(c.options) > 1 then 'poll.single' end as fault
	from cmd c left join held p on p.id = c.poll
), cast_votes as (
	-- A vote that is not newer writes back what is there: so each row tells what is stored, and moves nothing.
	insert into poll_vote as v (poll, person, options, counted, seq)
	select l.poll, l.person, l.options, not exists (select from mute m
		where m.conference = $1::uuid and m.person = l.person and m.how = 'silent' and m.lifted is null), l.seq
	from (select distinct on (j.poll, j.person) j.poll, j.person, j.options, j.seq
		from judged j where j.fault is null
		order by j.poll, j.person, j.seq desc, j.ord) l
	on conflict on constraint poll_vote_once do update set
		previous = case when v.counted then v.options else '{}' end,
		options = case when excluded.seq > v.seq then excluded.options else v.options end,
		counted = case when excluded.seq > v.seq then excluded.counted else v.counted end,
		at = case when excluded.seq > v.seq then excluded.at else v.at end,
		seq = greatest(v.seq, excluded.seq)
	returning v.poll, v.person, v.options, v.seq, case when v.counted then v.options else '{}' end as counts, v.previous
), moved as (
	select x.poll, x.key, sum(x.by) as difference
	from (
		select v.poll, o::text as key, 1 as by from cast_votes v, unnest(v.counts) o
		union all
		select v.poll, o::text, -1 from cast_votes v, unnest(v.previous) o
		union all
		select v.poll, 'voters', (v.counts <> '{}')::int - (v.previous <> '{}')::int from cast_votes v
	) x
	group by 1, 2 having sum(x.by) <> 0
), counted as (
	insert into tally as t (channel, key, value, xid)
	select c.id, m.key, m.difference, pg_current_xact_id()
	from moved m join channel c on c.conference = $1::uuid and c.name = 'poll:' || m.poll
	order by 1, 2
	on conflict on constraint tally_once do update set value = t.value + excluded.value, xid = excluded.xid
)
select j.ord, j.fault, '{"poll":"' || v.poll || '","options":' || to_json(v.options)::text || ',"seq":' || v.seq || ',"positions":{}}' as reply
from judged j left join cast_votes v on v.poll = j.poll and v.person = j.person and j.fault is null

-- qa.vote: a batch of votes in two statements: first no merge or move of these questions is under way, then one upsert of votes and one
-- of tallies, both in key order; no event a vote.
create or replace function questions_vote(in_conference uuid, in_people uuid[], in_questions uuid[], in_values smallint[], in_seqs bigint[])
returns table (ord bigint, fault text, reply text)
language plpgsql as $$
#variable_conflict use_column
declare
	heads uuid[];
begin
	-- What a merge or a move has changed meanwhile is seen by the statement after this one; it waits for ours in turn.
	select array_agg(l.merged_into) filter (where l.merged_into is not null) into heads
	from (select q.merged_into from question q where q.id = any (in_questions) and q.conference = in_conference
		order by q.id for key share) l;
	while heads is not null loop
		select array_agg(l.merged_into) filter (where l.merged_into is not null) into heads
		from (select q.merged_into from question q where q.id = any (heads) order by q.id for key share) l;
	end loop;

	return query
	with cmd as (
		select c.*
		from unnest(in_people, in_questions, in_values, in_seqs) with ordinality as c(person, question, value, seq, ord)
	), asked as materialized (
		-- A vote on one that was merged is a vote on what it was merged into.
		select q.id as given, h.id, h.talk, h.state in ('approved', 'on_stage') and h.kind = 'asked' and not h.muted as votable
		from (select distinct question from cmd) c join question q on q.id = c.question and q.conference = in_conference
			join question h on h.id = case when q.merged_into is null then q.id else question_head(q.id) end
	), windows as materialized (
		select a.talk, w.vote as open
		from (select distinct talk from asked) a cross join lateral talk_window(in_conference, a.talk) w
	), muted as materialized (
		select m.person, null::uuid as session, m.how from mute m
		where m.conference = in_conference and m.lifted is null and m.person = any (in_people)
		union all
		-- Of a pseudonym only its session knows: rare, and then only its voters are looked at.
		select p.person, t.session, m.how
		from mute m cross join (select distinct a.talk from asked a) a join talk t on t.id = a.talk join qa_salt s on s.session = t.session
			cross join (select distinct c.person from cmd c) p
		where m.conference = in_conference and m.lifted is null and m.pseudonym is not null
			and m.pseudonym = qa_pseudonym(t.session, p.person)
	), judged as materialized (
		select c.*, a.id, a.talk, m.how,
			case when a.id is null then 'not_found' when not a.votable then 'qa.state' when not w.open then 'qa.closed'
				when m.how = 'hard' then 'qa.muted' end as fault
		from cmd c left join asked a on a.given = c.question left join windows w on w.talk = a.talk
			left join lateral (select min(x.how) as how from muted x
				where x.person = c.person and (x.session is null or x.session = (select t.session from talk t where t.id = a.talk))) m on true
	), cast_votes as (
		-- A vote that is not newer writes back what is there: so each row tells what is stored, and its difference is zero. previous
		-- is what the row counted for before.
		insert into vote as v (question, person, value, seq, counted)
		select l.id, l.person, l.value, l.seq, l.how is null
		from (select distinct on (j.id, j.person) j.id, j.person, j.value, j.seq, j.how
			from judged j where j.fault is null
			order by j.id, j.person, j.seq desc, j.ord) l
		on conflict on constraint vote_once do update set previous = case when v.counted then v.value else 0 end,
			value = case when excluded.seq > v.seq then excluded.value else v.value end,
			counted = case when excluded.seq > v.seq then excluded.counted else v.counted end,
			via = case when excluded.seq > v.seq then null else v.via end,
			at = case when excluded.seq > v.seq then excluded.at else v.at end,
			seq = greatest(v.seq, excluded.seq)
		returning v.question, v.person, v.value, v.seq, case when v.counted then v.value else 0 end - v.previous as difference
	), moved as (
		select c.question, a.talk, sum(c.difference) as difference
		from cast_votes c join (select distinct id, talk from asked) a on a.id = c.question
		group by c.question, a.talk having sum(c.difference) <> 0
	), named as (
		select distinct 'talk:' || m.talk as name from moved m
	), channels as materialized (
		select c.id, c.name from named n join channel c on c.conference = in_conference and c.name = n.name
	), made as (
		insert into channel (conference, name)
		select in_conference, n.name from named n where not exists (select from channels c where c.name = n.name)
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
		'{"question":"' || v.question || '","value":' || v.value || ',"seq":' || v.seq
			|| case when j.id <> j.question then ',"merged":"' || j.question || '"' else '' end || ',"positions":{}}'
	from judged j left join cast_votes v on v.question = j.id and v.person = j.person and j.fault is null;
end $$;

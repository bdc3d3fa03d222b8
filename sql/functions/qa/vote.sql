-- qa.vote: a batch of votes in two statements: first no merge or move of these questions is under way, then one upsert of votes and one
-- of tallies, both in key order; no event a vote.
create or replace function questions_vote(in_conference uuid, in_people uuid[], in_questions uuid[], in_values smallint[], in_seqs bigint[])
returns table (ord bigint, fault text, reply text)
language plpgsql as $$
#variable_conflict use_column
declare
	heads uuid[];
	shut uuid[];
begin
	-- What a merge or a move has changed meanwhile is seen by the statement after this one; it waits for ours in turn.
	select array_agg(l.merged_into) filter (where l.merged_into is not null) into heads
	from (select q.merged_into from question q where q.id = any (in_questions) and q.conference = in_conference
		order by q.id for key share) l;
	while heads is not null loop
		select array_agg(l.merged_into) filter (where l.merged_into is not null) into heads
		from (select q.merged_into from question q where q.id = any (heads) order by q.id for key share) l;
	end loop;

	-- Talk by talk, nearly always one: its slots are found by index.
	select array_agg(t.talk) into shut
	from (select distinct h.talk from question q join question h on h.id = case when q.merged_into is null then q.id else question_head(q.id) end
		where q.id = any (in_questions) and q.conference = in_conference) t
	where not coalesce((select w.vote from talk_window(in_conference, t.talk) w), false);

	return query
	with cmd as materialized (
		select c.*
		from unnest(in_people, in_questions, in_values, in_seqs) with ordinality as c(person, question, value, seq, ord)
	), asked as materialized (
		-- Each question once: a vote on one that was merged is a vote on what it was merged into.
		select q.id as given, h.id, h.talk, case when h.state not in ('approved', 'on_stage') or h.kind <> 'asked' or h.muted then 'qa.state'
				when h.talk = any (shut) then 'qa.closed' end as fault,
			'{"question":"' || h.id || '","value":' as opening,
			case when h.id <> q.id then ',"merged":"' || q.id || '"' else '' end || ',"positions":{}}' as closing
		from question q join question h on h.id = case when q.merged_into is null then q.id else question_head(q.id) end
		where q.id = any (in_questions) and q.conference = in_conference
	), muted as materialized (
		select m.person, a.talk, min(m.how) as how
		from mute m cross join (select distinct talk from asked) a
		where m.conference = in_conference and m.lifted is null and m.person = any (in_people)
		group by m.person, a.talk
		union all
		-- Of a pseudonym only its session knows: rare, and only then its voters are looked at.
		select p.person, a.talk, m.how
		from (select distinct talk from asked) a join talk t on t.id = a.talk join qa_salt s on s.session = t.session
			cross join (select distinct person from cmd) p
			join mute m on m.conference = in_conference and m.lifted is null and m.pseudonym = qa_pseudonym(t.session, p.person)
		where (select exists (select from mute x where x.conference = in_conference and x.lifted is null and x.pseudonym is not null))
	), judged as materialized (
		select c.ord, c.person, c.value, c.seq, a.id, a.opening, a.closing, m.how,
			case when a.id is null then 'not_found' else coalesce(a.fault, case when m.how = 'hard' then 'qa.muted' end) end as fault
		from cmd c left join asked a on a.given = c.question
			left join (select x.person, x.talk, min(x.how) as how from muted x group by x.person, x.talk) m
				on m.person = c.person and m.talk = a.talk
	), cast_votes as (
		-- A vote that is not newer writes back what is there: so each row tells what is stored, and its difference is zero. previous
		-- is what the row counted for before.
		insert into vote as v (question, person, value, seq, counted)
		select l.id, l.person, l.value, l.seq, l.how is null
		-- By person first: the question is nearly always the same, and what differs early sorts fast.
		from (select distinct on (j.person, j.id) j.id, j.person, j.value, j.seq, j.how
			from judged j where j.fault is null
			order by j.person, j.id, j.seq desc, j.ord) l
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
	select j.ord, j.fault, j.opening || v.value || ',"seq":' || v.seq || j.closing
	from judged j left join cast_votes v on v.question = j.id and v.person = j.person and j.fault is null;
end $$;

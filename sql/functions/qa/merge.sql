-- Questions that ask the same: one stands for all of them, and can be given back.

-- The one that stands for it, however often that was merged itself.
create or replace function question_head(in_question uuid) returns uuid
language sql stable as $$
	with recursive up as (
		select q.id, q.merged_into from question q where q.id = in_question
		union
		select q.id, q.merged_into from up join question q on q.id = up.merged_into
	)
	select u.id from up u where u.merged_into is null
$$;

-- Its votes count for the head too, where the voter has none there. The newest seq of the two holds, so that a late repeat turns nothing.
create or replace function question_carry(in_question uuid, in_head uuid) returns void
language sql as $$
	insert into vote as v (question, person, value, seq, at, counted, via)
	select in_head, f.person, f.value, f.seq, f.at, f.counted, in_question from vote f where f.question = in_question
	order by f.person
	on conflict on constraint vote_once do update set seq = greatest(v.seq, excluded.seq)
$$;

-- What came over with it goes, at every head above: further up only where nobody below still gives it.
create or replace function question_uncarry(in_question uuid, in_head uuid) returns uuid[]
language plpgsql as $$
declare
	below uuid := in_question;
	head uuid := in_head;
	heads uuid[] := '{}';
begin
	while head is not null loop
		delete from vote v where v.question = head and v.via = below
			and (below = in_question or not exists (select from vote o where o.question = below and o.person = v.person));
		heads := heads || head;
		below := head;
		select q.merged_into into head from question q where q.id = below;
	end loop;
	return heads;
end $$;

-- Votes after a change that put a question under a head or took it from one. Returns the heads whose moderators must hear of it.
create or replace function question_votes_moved(was question, q question) returns uuid[]
language plpgsql as $$
declare
	heads uuid[] := '{}';
	up uuid;
begin
	if was.merged_into is not null and was.merged_into is distinct from q.merged_into then
		heads := question_uncarry(q.id, was.merged_into);
	end if;
	if q.merged_into is not null and was.merged_into is distinct from q.merged_into then
		perform question_carry(q.id, q.merged_into);
		heads := heads || q.merged_into;
	end if;
	if cardinality(heads) > 0 then
		perform question_recount(q.conference, heads);
	end if;
	if was.talk <> q.talk then
		insert into channel (conference, name) values (q.conference, 'talk:' || q.talk) on conflict on constraint channel_once do nothing;
		update tally t set channel = n.id, xid = pg_current_xact_id()
		from channel o, channel n
		where o.conference = q.conference and o.name = 'talk:' || was.talk and n.conference = q.conference
			and n.name = 'talk:' || q.talk and t.channel = o.id and t.key = q.id::text;
	end if;
	return heads;
end $$;

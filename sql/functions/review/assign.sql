-- Who reviews what. Which pairs are best is worked out in services/review/balance.c; here is what they are worked out of, and here it is
-- decided whether each may still be.

-- How many reviews of an abstract there are or will be: whoever has it, and whoever finished before they were removed.
create or replace function review_places(in_conference uuid) returns table (abstract uuid, taken int)
language plpgsql stable as $$
#variable_conflict use_column
begin
	return query
	with known as materialized (select c.abstract, c.person from review_conflicts(in_conference) c)
	select x.abstract, count(*)::int
	from (
		select a.abstract, a.person from review_assignment a where a.conference = in_conference
		union
		select r.abstract, r.person from review r where r.conference = in_conference and r.state = 'final') x
	where not exists (select from known k where k.abstract = x.abstract and k.person = x.person)
	group by 1;
end $$;

-- Abstracts that need reviewers, reviewers with what they have, and how each fits to each, row by row: 0 may not, 1 may, 2 of one's topics.
create or replace function review_grid(in_conference uuid, in_actor uuid, in_abstract uuid, in_person uuid)
returns table (abstracts text, needs text, people text, loads text, limits text, fits text)
language plpgsql stable as $$
declare
	wanted int := coalesce((select s.per_abstract from review_setup s where s.conference = in_conference), 3);
begin
	if in_abstract in (select review_hidden(in_conference, in_actor)) then
		return;
	end if;
	return query
	with b as materialized (
		select x.id, x.number, greatest(0, wanted - coalesce(t.taken, 0)) as need
		from abstract x left join review_places(in_conference) t on t.abstract = x.id
		where x.conference = in_conference and x.state = 'submitted' and (in_abstract is null or x.id = in_abstract)
			and wanted > coalesce(t.taken, 0)
		order by x.number, x.id limit 2000
	), r as materialized (
		select v.person, v.load as most, (select count(*) from review_assignment a where a.person = v.person) as has
		from reviewer v where v.conference = in_conference and v.removed is null and (in_person is null or v.person = in_person)
		order by v.person limit 300
	), known as materialized (
		select c.abstract, c.person from review_conflicts(in_conference, in_abstract, in_person) c
		union select a.abstract, a.person from review_assignment a where a.conference = in_conference
		union select w.abstract, w.person from review w where w.conference = in_conference and w.state = 'final'
	), topic as materialized (
		select distinct x.abstract, t.person from abstract_track x join reviewer_track t on t.track = x.track
	), fit as (
		select b.id, b.number, string_agg(case when k.person is not null then '0'
			when t.person is not null or not exists (select from reviewer_track n where n.person = r.person)
				or not exists (select from abstract_track n where n.abstract = b.id) then '2'
			else '1' end, '' order by r.person) as line
		from b cross join r left join known k on k.abstract = b.id and k.person = r.person
			left join topic t on t.abstract = b.id and t.person = r.person
		group by 1, 2
	)
	select (select string_agg(b.id::text, ' ' order by b.number, b.id) from b), (select string_agg(b.need::text, ' ' order by b.number, b.id) from b),
		(select string_agg(r.person::text, ' ' order by r.person) from r), (select string_agg(r.has::text, ' ' order by r.person) from r),
		(select string_agg(coalesce(r.most, -1)::text, ' ' order by r.person) from r),
		(select string_agg(f.line, '' order by f.number, f.id) from fit f)
	from conference c where c.id = in_conference
		and (in_abstract is null or exists (select from abstract x where x.conference = c.id and x.id = in_abstract and x.state = 'submitted'))
		and (in_person is null or exists (select from reviewer v where v.conference = c.id and v.person = in_person and v.removed is null));
end $$;

-- What is still missing, of the abstracts that somebody may know of.
create or replace function review_missing(in_conference uuid, in_actor uuid) returns int
language plpgsql stable as $$
begin
	return (
		select coalesce(sum(greatest(0, coalesce((select s.per_abstract from review_setup s where s.conference = in_conference), 3)
			- coalesce(t.taken, 0))), 0)
		from abstract b left join review_places(in_conference) t on t.abstract = b.id
		where b.conference = in_conference and b.state = 'submitted' and b.id not in (select review_hidden(in_conference, in_actor)));
end $$;

-- The pairs, those of them that may be. What became a conflict since it was assigned is taken away first. What is told counts only what the
-- teller may know of.
create or replace function review_assign(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_abstracts uuid[], in_people uuid[])
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held review_setup := review_lock(in_conference);
	hidden uuid[] := array(select review_hidden(in_conference, in_actor));
	n int;
begin
	delete from review_assignment a using review_conflicts(in_conference) c
	where a.conference = in_conference and c.abstract = a.abstract and c.person = a.person;
	with pair as (
		select p.abstract, p.person, coalesce(t.taken, 0) + row_number() over (partition by p.abstract order by p.n) as nth,
			(select count(*) from review_assignment a where a.person = p.person) + row_number() over (partition by p.person order by p.n) as has,
			v.load as most
		from unnest(in_abstracts, in_people) with ordinality p(abstract, person, n)
			join abstract b on b.conference = in_conference and b.id = p.abstract and b.state = 'submitted'
			join reviewer v on v.conference = in_conference and v.person = p.person and v.removed is null
			left join review_places(in_conference) t on t.abstract = p.abstract
		where not exists (select from review_conflicts(in_conference) c where c.abstract = p.abstract and c.person = p.person)
	), made as (
		insert into review_assignment (conference, abstract, person, by_person)
		select in_conference, p.abstract, p.person, in_actor from pair p
		where p.nth <= held.per_abstract and (p.most is null or p.has <= p.most)
		on conflict on constraint review_assignment_once do nothing
		returning review_assignment.abstract
	)
	select count(*) filter (where m.abstract <> all (hidden)) into n from made m;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'review.assign', in_conference, jsonb_build_object('how', 'balance'));
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('assigned', n, 'missing', review_missing(in_conference, in_actor)), '{}'), null::text, null::json;
end $$;

-- One pair, as an organiser wants it: beyond what is needed and what the reviewer wished for, never to somebody who knows an author.
create or replace function review_assign_one(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_abstract uuid, in_person uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	known text;
	n int;
begin
	perform review_lock(in_conference);
	if in_abstract in (select review_hidden(in_conference, in_actor))
		or not exists (select from abstract b where b.conference = in_conference and b.id = in_abstract and b.state = 'submitted')
		or not exists (select from reviewer r where r.conference = in_conference and r.person = in_person and r.removed is null)
	then
		return;
	end if;
	select c.kind into known from review_conflicts(in_conference, in_abstract, in_person) c;
	if known is not null then
		return query select null::text, 'review.conflict', json_build_object('kind', known);
		return;
	end if;
	insert into review_assignment (conference, abstract, person, by_person) values (in_conference, in_abstract, in_person, in_actor)
	on conflict on constraint review_assignment_once do nothing;
	get diagnostics n = row_count;
	if n > 0 then
		insert into audit (conference, actor, action, subject, detail)
		values (in_conference, in_actor, 'review.assign', in_abstract, jsonb_build_object('person', in_person));
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('assigned', n, 'missing', review_missing(in_conference, in_actor)), '{}'), null::text, null::json;
end $$;

-- What was begun is kept, unseen, in case they get it back; what is finished cannot be unassigned.
create or replace function review_unassign(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_abstract uuid, in_person uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
begin
	perform review_lock(in_conference);
	if in_abstract in (select review_hidden(in_conference, in_actor))
		or not exists (select from review_assignment a where a.conference = in_conference and a.abstract = in_abstract and a.person = in_person)
	then
		return;
	elsif exists (select from review r where r.abstract = in_abstract and r.person = in_person and r.state = 'final'
		and not review_conflicted(in_conference, in_abstract, in_person))
	then
		return query select null::text, 'review.final', null::json;
		return;
	end if;
	delete from review_assignment a where a.abstract = in_abstract and a.person = in_person;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'review.unassign', in_abstract, jsonb_build_object('person', in_person));
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('abstract', in_abstract, 'person', in_person, 'missing', review_missing(in_conference, in_actor)), '{}'),
		null::text, null::json;
end $$;

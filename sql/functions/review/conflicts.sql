-- Who knows whom. Looked up each time, never kept: an author added today is a conflict today. What is hidden is hidden as rows, so that no
-- count, no gap and no fault tells a person about an abstract they may not know of.

-- What can be found: for reviewers by all they have in common with an author; for organisers, who see everything, whether they are one.
-- Null: all abstracts, all people.
create or replace function review_found(in_conference uuid, in_abstract uuid, in_person uuid)
returns table (abstract uuid, person uuid, kind text)
language plpgsql stable as $$
#variable_conflict use_column
begin
	return query
	with who as materialized (
		select p.id, p.email, people_fold(p.name) as called, r.person is not null as reviews,
			coalesce(r.places, '{}') || affiliation_keys(coalesce(p.organisation, '')) as places
		from person p left join reviewer r on r.person = p.id
		where p.conference = in_conference and (in_person is null or p.id = in_person) and (r.person is not null or exists (
			select from role_grant g where g.conference = in_conference and g.person = p.id and g.role = 'organiser'))
	), theirs as materialized (
		select w.id, w.email, w.reviews, a.abstract, a.places from who w
			join abstract_author a on a.conference = in_conference and a.email = w.email
		union all
		select w.id, w.email, w.reviews, b.id, '{}' from who w join abstract b on b.conference = in_conference and b.person = w.id
	), place as materialized (
		select distinct x.id, x.place from (
			select w.id, unnest(w.places) as place from who w where w.reviews
			union all
			select t.id, unnest(t.places) from theirs t where t.reviews) x
	), beside as materialized (
		select distinct t.id, a.email, a.called from theirs t
			join abstract b on b.id = t.abstract and b.state <> 'draft'
			join abstract_author a on a.abstract = t.abstract
		where t.reviews and a.email is distinct from t.email
	), author as materialized (
		select a.abstract, a.email, a.called, a.places from abstract_author a
		where a.conference = in_conference and (in_abstract is null or a.abstract = in_abstract)
	)
	select t.abstract, t.id, 'author' from theirs t where in_abstract is null or t.abstract = in_abstract
	union
	select a.abstract, w.id, 'name' from author a join who w on w.called = a.called where w.reviews
	union
	select a.abstract, s.id, 'coauthor' from author a join beside s on s.email = a.email
	union
	select a.abstract, s.id, 'coauthor' from author a join beside s on s.called = a.called
	union
	select a.abstract, p.id, 'affiliation' from (select x.abstract, unnest(x.places) as place from author x) a
		join place p on p.place = a.place;
end $$;

-- What holds: what was declared, of an abstract or ahead, and what was found unless an organiser said that it is none. An author stays one whatever is said.
create or replace function review_conflicts(in_conference uuid, in_abstract uuid default null, in_person uuid default null)
returns table (abstract uuid, person uuid, kind text)
language plpgsql stable as $$
#variable_conflict use_column
begin
	return query
	select x.abstract, x.person, (array_agg(x.kind order by array_position('{author,own,ahead,organiser,name,coauthor,affiliation}'::text[], x.kind)))[1]
	from (
		select f.abstract, f.person, f.kind from review_found(in_conference, in_abstract, in_person) f
		where f.kind = 'author' or not exists (select from interest i
			where i.abstract = f.abstract and i.person = f.person and i.side = 'organiser' and not i.has)
		union all
		select i.abstract, i.person, i.side from interest i
		where i.conference = in_conference and i.has and (in_abstract is null or i.abstract = in_abstract)
			and (in_person is null or i.person = in_person)
		union all
		select h.abstract, h.person, 'ahead' from review_ahead(in_conference, in_abstract, in_person) h) x
	group by 1, 2;
end $$;

create or replace function review_conflicted(in_conference uuid, in_abstract uuid, in_person uuid) returns boolean
language plpgsql stable as $$
begin
	return exists (select from review_conflicts(in_conference, in_abstract, in_person));
end $$;

-- The abstracts of whose reviews somebody may know nothing, organiser or not: their rows are left out of every list and every sum.
create or replace function review_hidden(in_conference uuid, in_person uuid) returns setof uuid
language plpgsql stable as $$
begin
	if in_person is not null then
		return query select c.abstract from review_conflicts(in_conference, null, in_person) c;
	end if;
end $$;

-- What an organiser looks through: who has what in common with whom, and what was said about it.
create or replace function review_conflict_list(in_conference uuid, in_actor uuid, in_abstract uuid, in_person uuid) returns json
language plpgsql stable as $$
begin
	return (
		select json_build_object('pairs', coalesce(json_agg(json_strip_nulls(json_build_object('abstract', b.id, 'number', b.number,
			'title', b.title, 'person', p.id, 'name', p.name, 'kinds', x.kinds,
			'own', (select i.reason from interest i where i.abstract = b.id and i.person = p.id and i.side = 'own'),
			'says', (select json_build_object('has', i.has, 'reason', i.reason, 'name', o.name, 'at', iso(i.at))
				from interest i left join person o on o.id = i.by_person
				where i.abstract = b.id and i.person = p.id and i.side = 'organiser'))) order by b.number, p.name, p.id), '[]'),
			'ahead', interest_said(in_conference, in_actor))
		from (
			select y.abstract, y.person, json_agg(y.kind order by y.kind) filter (where y.kind is not null) as kinds
			from (select f.abstract, f.person, f.kind from review_found(in_conference, in_abstract, in_person) f
				union
				select h.abstract, h.person, 'ahead' from review_ahead(in_conference, in_abstract, in_person) h
				union
				select i.abstract, i.person, null from interest i where i.conference = in_conference
					and (in_abstract is null or i.abstract = in_abstract) and (in_person is null or i.person = in_person)) y
			group by 1, 2 limit 3000) x
			join abstract b on b.id = x.abstract and b.state = 'submitted'
			join reviewer r on r.person = x.person and r.removed is null
			join person p on p.id = x.person
		where x.abstract not in (select review_hidden(in_conference, in_actor)));
end $$;

-- A reviewer says that they know the authors, of an abstract that waits for them, or takes that back; an organiser says that somebody does,
-- or that what was found is no conflict. Nobody judges about oneself as an organiser.
create or replace function interest_declare(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_abstract uuid, in_person uuid,
	in_has boolean, in_reason text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	about uuid := coalesce(in_person, in_actor);
	as_side text := case when in_person is null then 'own' else 'organiser' end;
begin
	perform review_lock(in_conference);
	if as_side = 'own' and not review_mine(in_conference, in_actor, in_abstract)
		and not exists (select from interest i where i.abstract = in_abstract and i.person = in_actor and i.side = 'own')
	then
		return;
	elsif as_side = 'organiser' and (in_person = in_actor or in_abstract in (select review_hidden(in_conference, in_actor))
		or not exists (select from abstract b where b.conference = in_conference and b.id = in_abstract and b.state <> 'draft')
		or not exists (select from reviewer r where r.conference = in_conference and r.person = in_person))
	then
		return;
	end if;
	if as_side = 'own' and not in_has then
		delete from interest i where i.abstract = in_abstract and i.person = about and i.side = 'own';
	else
		insert into interest (conference, abstract, person, side, has, reason, by_person)
		values (in_conference, in_abstract, about, as_side, in_has, coalesce(in_reason, ''), in_actor)
		on conflict on constraint interest_once do update set has = excluded.has, reason = excluded.reason, by_person = excluded.by_person,
			at = now();
	end if;
	if in_has then
		delete from review_assignment a where a.abstract = in_abstract and a.person = about;
		delete from review r where r.abstract = in_abstract and r.person = about and r.state = 'draft' and as_side = 'own';
	end if;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'interest.declare', in_abstract, jsonb_build_object('person', about, 'has', in_has, 'side', as_side));
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('abstract', in_abstract, 'person', about, 'has', in_has), '{}'), null::text, null::json;
end $$;

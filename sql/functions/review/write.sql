-- A reviewer's own work: what waits for them, one abstract as they may see it, what they think of it, and what the others thought.

-- Theirs to review. Everything else is not there for them: not assigned, withdrawn, or of somebody they know, all alike.
create or replace function review_mine(in_conference uuid, in_actor uuid, in_abstract uuid) returns boolean
language plpgsql stable as $$
begin
	return exists (
		select from review_assignment a join reviewer r on r.person = a.person and r.removed is null
			join abstract b on b.id = a.abstract and b.state = 'submitted'
		where a.conference = in_conference and a.abstract = in_abstract and a.person = in_actor)
		and not review_conflicted(in_conference, in_abstract, in_actor);
end $$;

create or replace function review_tracks(in_abstract uuid) returns json
language plpgsql stable as $$
begin
	return (
		select coalesce(json_agg(t.id order by t.ord, t.name), '[]') from abstract_track x join track t on t.id = x.track
		where x.abstract = in_abstract);
end $$;

create or replace function review_scores(in_review uuid) returns json
language plpgsql stable as $$
begin
	return (select coalesce(json_object_agg(s.criterion, s.score), '{}') from review_score s where s.review = in_review);
end $$;

create or replace function review_own(r review) returns json
language plpgsql stable as $$
begin
	return json_build_object('scores', review_scores(r.id), 'to_authors', r.to_authors, 'to_committee', r.to_committee, 'state', r.state,
		'version', r.version, 'saved', iso(r.saved));
end $$;

create or replace function review_list_mine(in_conference uuid, in_actor uuid) returns json
language plpgsql stable as $$
begin
	return (
		select json_build_object('setup', review_setup_json(in_conference), 'assignments', coalesce(json_agg(json_build_object(
			'abstract', b.id, 'number', b.number, 'title', b.title, 'tracks', review_tracks(b.id), 'state', coalesce(r.state, 'none'))
			order by b.number, b.id), '[]'),
			'tracks', (select coalesce(json_agg(json_build_object('id', t.id, 'name', t.name, 'color', t.color) order by t.ord, t.name), '[]')
				from track t where t.conference = in_conference))
		from review_assignment a join reviewer w on w.person = a.person and w.removed is null
			join abstract b on b.id = a.abstract and b.state = 'submitted'
			left join review r on r.abstract = a.abstract and r.person = a.person
		where a.conference = in_conference and a.person = in_actor
			and not exists (select from review_conflicts(in_conference, null, in_actor) c where c.abstract = a.abstract));
end $$;

-- Blind: without the authors, and in the words that do not tell them, where somebody took the others out.
create or replace function review_abstract(b abstract, blind boolean) returns json
language plpgsql stable as $$
begin
	return json_strip_nulls(json_build_object('id', b.id, 'number', b.number, 'title', b.title, 'wish', b.wish, 'tracks', review_tracks(b.id),
		'body', case when blind then coalesce(b.redacted, b.body) else b.body end,
		'authors', case when not blind then (select coalesce(json_agg(json_build_object('name', a.name, 'affiliation', a.affiliation,
			'presents', a.presents) order by a.ord), '[]') from abstract_author a where a.abstract = b.id) end));
end $$;

create or replace function review_get(in_conference uuid, in_actor uuid, in_abstract uuid) returns json
language plpgsql stable as $$
begin
	if not review_mine(in_conference, in_actor, in_abstract) then
		return null;
	end if;
	return (
		select json_build_object('abstract', review_abstract(b, coalesce(s.blind, true)), 'closed', review_closed(in_conference),
			'own', (select review_own(r) from review r where r.abstract = b.id and r.person = in_actor))
		from abstract b left join review_setup s on s.conference = b.conference where b.id = in_abstract);
end $$;

-- The scores as they may be kept: a fault, or which criteria a final review still lacks.
create or replace function review_scores_fault(in_conference uuid, in_scores jsonb, in_final boolean, out fault text, out current json)
language plpgsql stable as $$
begin
	if exists (select from jsonb_each(in_scores) e left join review_criterion c on c.id::text = e.key and c.conference = in_conference
		where c.id is null or jsonb_typeof(e.value) <> 'number' or (e.value #>> '{}')::numeric not between c.low and c.high)
	then
		fault := 'bad_request';
	elsif in_final and exists (select from review_criterion c where c.conference = in_conference and not in_scores ? c.id::text) then
		fault := 'review.incomplete';
		current := (select json_build_object('criteria', json_agg(c.id order by c.ord)) from review_criterion c
			where c.conference = in_conference and not in_scores ? c.id::text);
	end if;
end $$;

-- A final one may be written anew, never taken back: whoever has read the others has said something before.
create or replace function review_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_abstract uuid, in_scores jsonb,
	in_to_authors text, in_to_committee text, in_state text, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held review;
	wrong record;
	was json;
begin
	perform from review_setup s where s.conference = in_conference for share;
	if not review_mine(in_conference, in_actor, in_abstract) then
		return;
	end if;
	select * into held from review r where r.abstract = in_abstract and r.person = in_actor for update;
	select * into wrong from review_scores_fault(in_conference, in_scores, in_state = 'final');
	if review_closed(in_conference) then
		return query select null::text, 'review.closed', null::json;
		return;
	elsif coalesce(held.version, 0) <> in_expect then
		return query select null::text, 'conflict', review_own(held);
		return;
	elsif held.state = 'final' and in_state = 'draft' then
		return query select null::text, 'review.final', null::json;
		return;
	elsif wrong.fault is not null then
		return query select null::text, wrong.fault::text, wrong.current::json;
		return;
	end if;
	was := review_scores(held.id);
	if held.id is null then
		insert into review (conference, abstract, person, state, to_authors, to_committee, finished)
		values (in_conference, in_abstract, in_actor, in_state, in_to_authors, in_to_committee, case when in_state = 'final' then now() end)
		returning * into held;
	else
		update review r set state = in_state, to_authors = in_to_authors, to_committee = in_to_committee, version = r.version + 1,
			saved = now(), finished = case when in_state = 'final' then coalesce(r.finished, now()) end
		where r.id = held.id returning * into held;
	end if;
	delete from review_score s where s.review = held.id;
	insert into review_score (review, criterion, score) select held.id, e.key::uuid, (e.value #>> '{}')::int from jsonb_each(in_scores) e;
	if in_state = 'final' then
		insert into audit (conference, actor, action, subject, detail) values (in_conference, in_actor, 'review.final', in_abstract,
			jsonb_build_object('scores', in_scores, 'was', was, 'version', held.version));
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('abstract', in_abstract, 'state', held.state,
		'version', held.version), '{}'), null::text, null::json;
end $$;

-- What others thought. A reviewer who has not finished sees none, as if there were none; an organiser who has nothing to review there sees all.
-- In an order that says nothing; blind, without names.
create or replace function review_others(in_conference uuid, in_actor uuid, in_abstract uuid, in_organiser boolean) returns json
language plpgsql stable as $$
declare
	assigned boolean := review_mine(in_conference, in_actor, in_abstract);
	own text := (select r.state from review r where r.abstract = in_abstract and r.person = in_actor);
	names boolean := in_organiser or not coalesce((select s.blind from review_setup s where s.conference = in_conference), true);
begin
	if not assigned and (not in_organiser or in_abstract in (select review_hidden(in_conference, in_actor))
		or not exists (select from abstract b where b.conference = in_conference and b.id = in_abstract and b.state = 'submitted'))
	then
		return null;
	end if;
	return (
		select json_build_object('reviews', coalesce(json_agg(json_strip_nulls(json_build_object('name', case when names then p.name end,
			'person', case when names then p.id end, 'scores', review_scores(r.id), 'to_authors', r.to_authors,
			'to_committee', r.to_committee)) order by md5(r.id::text)), '[]'))
		from review r join person p on p.id = r.person
		where r.conference = in_conference and r.abstract = in_abstract and r.state = 'final' and r.person is distinct from in_actor
			and (not assigned or own = 'final') and not review_conflicted(in_conference, in_abstract, r.person));
end $$;

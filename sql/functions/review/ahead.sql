-- What reviewers say ahead: "I cannot judge work by this person, or from this place". Their own list; whether anything matches is told to
-- nobody who reviews blind: every answer is the same, whatever was handed in.

-- Which abstracts that is about. Null: all abstracts, all people.
create or replace function review_ahead(in_conference uuid, in_abstract uuid, in_person uuid)
returns table (abstract uuid, person uuid, entry uuid)
language plpgsql stable as $$
#variable_conflict use_column
begin
	return query
	select a.abstract, h.person, h.id from interest_ahead h join abstract_author a on a.conference = in_conference and a.called = h.called
	where h.conference = in_conference and h.kind = 'person' and (in_person is null or h.person = in_person)
		and (in_abstract is null or a.abstract = in_abstract)
	union
	select a.abstract, h.person, h.id
	from (select x.person, x.id, unnest(x.places) as place from interest_ahead x
		where x.conference = in_conference and x.kind = 'place' and (in_person is null or x.person = in_person)) h
		join (select y.abstract, unnest(y.places) as place from abstract_author y
			where y.conference = in_conference and (in_abstract is null or y.abstract = in_abstract)) a on a.place = h.place;
end $$;

create or replace function interest_ahead_json(h interest_ahead) returns json
language sql stable as $$
	select json_build_object('entry', h.id, 'kind', h.kind, 'text', h.text, 'at', iso(h.at))
$$;

-- The role lets in; whoever was removed is told nothing more. A role without a row has not been given anything yet.
create or replace function interest_reviews(in_conference uuid, in_actor uuid) returns boolean
language sql stable as $$
	select not exists (select from reviewer r where r.conference = in_conference and r.person = in_actor and r.removed is not null)
$$;

create or replace function interest_list(in_conference uuid, in_actor uuid) returns json
language plpgsql stable as $$
begin
	if not interest_reviews(in_conference, in_actor) then
		return null;
	end if;
	return json_build_object('limit', 50, 'entries', (
		select coalesce(json_agg(interest_ahead_json(h) order by h.kind, h.called, h.id), '[]')
		from interest_ahead h where h.conference = in_conference and h.person = in_actor));
end $$;

-- What is theirs to review and is about it now is taken back, as what is found is; it does not come back by itself when the entry goes.
create or replace function interest_add(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_kind text, in_text text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	h interest_ahead;
begin
	perform review_lock(in_conference);
	if not interest_reviews(in_conference, in_actor) then
		return;
	elsif (in_kind = 'person' and in_text !~ '[[:alpha:]]') or (in_kind = 'place' and affiliation_keys(in_text) = '{}') then
		return query select null::text, 'interest.vague', null::json;
		return;
	end if;
	select * into h from interest_ahead x where x.conference = in_conference and x.person = in_actor and x.kind = in_kind
		and case in_kind when 'person' then x.called = people_fold(in_text) else x.places = affiliation_keys(in_text) end
	order by x.at, x.id limit 1;
	if h.id is null then
		if (select count(*) from interest_ahead x where x.conference = in_conference and x.person = in_actor) >= 50 then
			return query select null::text, 'interest.limit', null::json;
			return;
		end if;
		insert into interest_ahead (conference, person, kind, text) values (in_conference, in_actor, in_kind, in_text) returning * into h;
		insert into audit (conference, actor, action, subject, detail)
		values (in_conference, in_actor, 'interest.add', h.id, jsonb_build_object('kind', in_kind));
	end if;
	delete from review_assignment a using review_ahead(in_conference, null, in_actor) c
	where a.conference = in_conference and a.person = in_actor and c.abstract = a.abstract;
	return query select write_done(in_conference, in_actor, in_key, in_hash, interest_ahead_json(h), '{}'), null::text, null::json;
end $$;

-- Gone twice is gone.
create or replace function interest_drop(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_entry uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	n int;
begin
	perform review_lock(in_conference);
	if not interest_reviews(in_conference, in_actor) then
		return;
	end if;
	delete from interest_ahead h where h.id = in_entry and h.conference = in_conference and h.person = in_actor;
	get diagnostics n = row_count;
	if n > 0 then
		insert into audit (conference, actor, action, subject, detail) values (in_conference, in_actor, 'interest.drop', in_entry, '{}');
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('entry', in_entry), '{}'), null::text, null::json;
end $$;

-- What organisers see of it, also what matches nothing yet: a name that is spelt otherwise is theirs to judge. Not what is about an abstract
-- whose author they know, nor their own, which would say so.
create or replace function interest_said(in_conference uuid, in_actor uuid) returns json
language plpgsql stable as $$
begin
	return (
		select coalesce(json_agg(json_build_object('person', p.id, 'name', p.name, 'kind', h.kind, 'text', h.text, 'at', iso(h.at),
			'abstracts', coalesce(m.n, 0)) order by p.name, p.id, h.kind, h.called, h.id), '[]')
		from interest_ahead h join person p on p.id = h.person and interest_reviews(in_conference, p.id)
			left join (select c.entry, count(*) filter (where b.id is not null) as n, bool_or(x.abstract is not null) as hidden
				from review_ahead(in_conference, null, null) c
					left join abstract b on b.id = c.abstract and b.state = 'submitted'
					left join (select v as abstract from review_hidden(in_conference, in_actor) v) x on x.abstract = c.abstract
				group by 1) m on m.entry = h.id
		where h.conference = in_conference and h.person is distinct from in_actor and m.hidden is not true);
end $$;

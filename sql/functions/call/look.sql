-- Abstracts as they are shown: one's own with its draft, and the organiser's list.

-- What was handed in, in the form it is sent in.
create or replace function abstract_content(a abstract) returns jsonb
language sql stable as $$
	select jsonb_build_object('title', a.title, 'body', a.body, 'wish', a.wish, 'mode', a.mode,
		'tracks', coalesce((select jsonb_agg(t.track order by k.ord, k.name) from abstract_track t join track k on k.id = t.track
			where t.abstract = a.id), '[]'),
		'authors', coalesce((select jsonb_agg(jsonb_build_object('name', u.name, 'affiliation', u.affiliation,
			'email', coalesce(u.email, ''), 'presents', u.presents) order by u.ord)
			from abstract_author u where u.abstract = a.id), '[]'))
$$;

create or replace function abstract_consents(in_abstract uuid) returns jsonb
language sql stable as $$
	select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'version', version, 'given', given, 'at', iso(at)) order by kind), '[]')
	from (select distinct on (kind) * from consent where abstract = in_abstract order by kind, id desc) c
$$;

-- Kinds that are asked and about which nobody has said anything for this abstract: it came from elsewhere, or before they were asked, or the
-- box was left empty.
create or replace function abstract_unanswered(a abstract) returns jsonb
language sql stable as $$
	select jsonb_agg(k ->> 'kind' order by n) from json_array_elements(consents_asked(a.conference)) with ordinality x(k, n)
	where not exists (select from consent c where c.abstract = a.id and c.kind = k ->> 'kind')
$$;

create or replace function abstract_own(a abstract) returns jsonb
language sql stable as $$
	select jsonb_strip_nulls(jsonb_build_object('abstract', a.id, 'number', a.number, 'state', a.state, 'version', a.version,
		'saved', iso(a.saved), 'received', iso(a.received), 'withdrawn', iso(a.withdrawn), 'outcome', a.outcome, 'rank', a.rank,
		'session', (select s.title from session s where s.id = a.session),
		'content', case when a.state <> 'draft' then abstract_content(a) end,
		'draft', (select d.content from abstract_draft d where d.abstract = a.id),
		'consents', abstract_consents(a.id)))
$$;

create or replace function abstract_mine(in_conference uuid, in_actor uuid) returns table (reply text)
language sql stable as $$
	select json_build_object('abstracts', coalesce(json_agg(abstract_own(a) order by a.number nulls first, a.saved), '[]'))::text
	from abstract a where a.conference = in_conference and a.person = in_actor
$$;

-- abstract.get: one's own, or any to an organiser, with who handed it in.
create or replace function abstract_get(in_conference uuid, in_actor uuid, in_abstract uuid) returns table (reply text)
language sql stable as $$
	select (abstract_own(a) || case when o.organiser then jsonb_build_object('redacted', a.redacted, 'source', a.source,
			'unanswered', case when a.state <> 'draft' then coalesce(abstract_unanswered(a), '[]') end,
			'person', jsonb_build_object('id', p.id, 'name', p.name, 'email', p.email)) else '{}' end)::text
	from abstract a join person p on p.id = a.person
		cross join lateral (select exists (select from role_grant g where g.conference = in_conference and g.person = in_actor
			and g.role = 'organiser') or in_actor is null as organiser) o
	where a.conference = in_conference and a.id = in_abstract and (o.organiser or a.person = in_actor)
$$;

-- A row of the organiser's list. A draft's words are its writer's alone: of it there are its title and its age.
create or replace function abstract_row(a abstract, with_body boolean) returns jsonb
language sql stable as $$
	select jsonb_strip_nulls(jsonb_build_object('abstract', a.id, 'number', a.number, 'state', a.state, 'version', a.version,
		'title', a.title, 'wish', a.wish, 'mode', a.mode, 'outcome', a.outcome, 'source', a.source,
		'saved', iso(a.saved), 'received', iso(a.received),
		'late', case when a.received > (select c.closes from call c where c.conference = a.conference) then true end,
		'unsent', case when a.state = 'submitted' and exists (select from abstract_draft d where d.abstract = a.id) then true end,
		'redacted', case when a.redacted is not null then true end,
		'person', (select jsonb_build_object('id', p.id, 'name', p.name, 'email', p.email) from person p where p.id = a.person),
		'unknown_consents', case when a.state <> 'draft' and exists (
			select from json_array_elements(consents_asked(a.conference)) k where (k ->> 'required')::boolean
				and not exists (select from consent c where c.abstract = a.id and c.kind = k ->> 'kind')) then true end,
		'consents', case when with_body and a.state <> 'draft' then abstract_consents(a.id) end,
		'body', case when with_body and a.state <> 'draft' then a.body end))
		|| jsonb_build_object('tracks', coalesce((select jsonb_agg(t.track) from abstract_track t where t.abstract = a.id), '[]'),
		'authors', coalesce((select jsonb_agg(jsonb_build_object('name', u.name, 'affiliation', u.affiliation, 'presents', u.presents)
			|| case when with_body then jsonb_build_object('email', coalesce(u.email, '')) else '{}' end order by u.ord)
			from abstract_author u where u.abstract = a.id), '[]'))
$$;

-- abstract.list and abstract.export: 200 a page, by number; drafts last. $after is the id the page before ended with.
create or replace function abstract_list(in_conference uuid, in_state text, in_track uuid, in_text text, in_after uuid, with_body boolean)
returns table (reply text)
language plpgsql stable as $$
declare
	words text[] := regexp_split_to_array(people_fold(btrim(coalesce(in_text, ''))), '\s+');
	behind abstract;
begin
	select * into behind from abstract a where a.conference = in_conference and a.id = in_after;
	return query
	with picked as materialized (
		select a, a.id from abstract a join person p on p.id = a.person
		where a.conference = in_conference and (in_state is null or a.state = in_state)
			and (in_track is null or exists (select from abstract_track t where t.abstract = a.id and t.track = in_track))
			and (in_text is null or not exists (select from unnest(words) w where position(w in
				people_fold(a.title || ' ' || coalesce('#' || a.number, '') || ' ' || p.name || ' ' || p.email || ' '
				|| coalesce((select string_agg(u.name || ' ' || u.affiliation, ' ') from abstract_author u where u.abstract = a.id), ''))) = 0))
			and (behind.id is null or (coalesce(a.number, 2147483647), a.id) > (coalesce(behind.number, 2147483647), behind.id))
		order by coalesce(a.number, 2147483647), a.id limit 201
	), page as (
		select p.a, row_number() over (order by coalesce((p.a).number, 2147483647), p.id) as n from picked p
	)
	select json_build_object(
		'abstracts', coalesce((select json_agg(abstract_row(x.a, with_body) order by x.n) from page x where x.n <= 200), '[]'),
		'next', (select (x.a).id from page x where x.n = 200 and exists (select from page y where y.n = 201)))::text;
end $$;

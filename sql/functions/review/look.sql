-- What organisers see of reviewing, each without the rows of abstracts whose authors they know: neither listed nor counted.

create or replace function review_reviewers(in_conference uuid, in_actor uuid) returns json
language plpgsql stable as $$
declare
	hidden uuid[] := array(select review_hidden(in_conference, in_actor));
begin
	return (
		select json_build_object('reviewers', coalesce(json_agg(json_build_object('person', p.id, 'name', p.name, 'email', p.email,
			'affiliations', r.affiliations, 'load', r.load,
			'tracks', (select coalesce(json_agg(t.track order by t.track), '[]') from reviewer_track t where t.person = r.person),
			'assigned', x.assigned, 'begun', x.begun, 'final', x.final) order by p.name, p.id), '[]'))
		from reviewer r join person p on p.id = r.person
			cross join lateral (
				select count(*) as assigned, count(*) filter (where w.state = 'draft') as begun, count(*) filter (where w.state = 'final') as final
				from review_assignment a join abstract b on b.id = a.abstract and b.state = 'submitted'
					left join review w on w.abstract = a.abstract and w.person = a.person
				where a.person = r.person and a.abstract <> all (hidden)) x
		where r.conference = in_conference and r.removed is null);
end $$;

-- Each abstract with its reviewers and what they add up to; one's own score is not in yet: no numbers of it.
create or replace function review_progress(in_conference uuid, in_actor uuid) returns json
language plpgsql stable as $$
begin
	return (
		with hidden as materialized (
			select h as abstract from review_hidden(in_conference, in_actor) h
		), known as materialized (
			select c.abstract, c.person, c.kind from review_conflicts(in_conference) c
		), sums as materialized (
			select * from review_of(in_conference)
		), who as materialized (
			select coalesce(a.abstract, r.abstract) as abstract, coalesce(a.person, r.person) as person, coalesce(r.state, 'none') as state,
				a.person is not null as assigned
			from (select * from review_assignment x where x.conference = in_conference) a
				full join (select * from review x where x.conference = in_conference) r on r.abstract = a.abstract and r.person = a.person
			where a.person is not null or r.state = 'final'
		), said as (
			select w.abstract, json_agg(json_strip_nulls(json_build_object('person', p.id, 'name', p.name, 'state', w.state,
				'gone', case when not w.assigned then true end, 'conflict', k.kind)) order by p.name, p.id) as people,
				bool_or(w.person = in_actor and w.assigned and w.state <> 'final' and k.kind is null) as waits
			from who w join person p on p.id = w.person left join known k on k.abstract = w.abstract and k.person = w.person
			group by 1
		)
		select json_build_object('abstracts', coalesce(json_agg(json_strip_nulls(json_build_object('abstract', b.id, 'number', b.number,
			'title', b.title, 'tracks', review_tracks(b.id), 'redacted', b.redacted is not null, 'reviewers', coalesce(s.people, '[]'),
			'reviews', coalesce(o.reviews, 0), 'waits', case when s.waits then true end,
			'score', case when s.waits is not true then o.score end, 'z', case when s.waits is not true then o.z end,
			'spread', case when s.waits is not true then o.spread end)) order by b.number, b.id), '[]'))
		from abstract b left join said s on s.abstract = b.id left join sums o on o.abstract = b.id
		where b.conference = in_conference and b.state = 'submitted' and not exists (select from hidden h where h.abstract = b.id));
end $$;

-- Files other systems read: by pretalx, whose numbers under each address; by HotCRP, a line each; and everything reviewers said, as a table.
create or replace function review_export(in_conference uuid, in_actor uuid, in_format text) returns json
language plpgsql stable as $$
declare
	hidden uuid[] := array(select review_hidden(in_conference, in_actor));
	said text;
begin
	if in_format = 'pretalx' then
		select coalesce(json_object_agg(x.email, x.numbers order by x.email), '{}')::text into said
		from (select p.email, json_agg(b.number::text order by b.number) as numbers
			from review_assignment a join abstract b on b.id = a.abstract and b.state = 'submitted' join person p on p.id = a.person
			where a.conference = in_conference and a.abstract <> all (hidden) group by 1) x;
	elsif in_format = 'hotcrp' then
		select E'paper,action,email,reviewtype\r\n' || coalesce(string_agg(x.line, '' order by x.number, x.action, x.email), '') into said
		from (
			select b.number, 'review' as action, p.email, csv_line(array[b.number::text, 'review', p.email, 'primary']) as line
			from review_assignment a join abstract b on b.id = a.abstract and b.state = 'submitted' join person p on p.id = a.person
			where a.conference = in_conference and a.abstract <> all (hidden)
			union all
			select b.number, 'conflict', p.email, csv_line(array[b.number::text, 'conflict', p.email, ''])
			from review_conflicts(in_conference) c join abstract b on b.id = c.abstract and b.state = 'submitted'
				join reviewer r on r.person = c.person and r.removed is null join person p on p.id = c.person
			where c.abstract <> all (hidden)) x;
	else
		select csv_line(array['number', 'title', 'reviewer', 'state', 'score'] || coalesce((select array_agg(c.name order by c.ord)
			from review_criterion c where c.conference = in_conference), '{}') || array['to_authors', 'to_committee'])
			|| coalesce(string_agg(csv_line(array[b.number::text, b.title, p.name, r.state, round(n.score, 1)::text]
				|| coalesce((select array_agg(s.score::text order by c.ord) from review_criterion c
					left join review_score s on s.criterion = c.id and s.review = r.id where c.conference = in_conference), '{}')
				|| array[r.to_authors, r.to_committee]), '' order by b.number, p.name, r.id), '') into said
		from review r join abstract b on b.id = r.abstract and b.state = 'submitted' join person p on p.id = r.person
			join review_counted(in_conference) n on n.review = r.id
		where r.conference = in_conference and r.abstract <> all (hidden) and not exists (
			select from review_assignment a where a.abstract = r.abstract and a.person = in_actor and not exists (
				select from review o where o.abstract = r.abstract and o.person = in_actor and o.state = 'final'));
	end if;
	return json_build_object('name', 'review-' || in_format || case when in_format = 'pretalx' then '.json' else '.csv' end, 'text', said);
end $$;

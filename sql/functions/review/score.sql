-- What reviews add up to.

-- The reviews that count, each with its score: the weighted mean of the criteria that have a weight, as hundredths of their ranges; null
-- without any. Of people who know an author none counts, whenever that was found.
create or replace function review_counted(in_conference uuid) returns table (review uuid, abstract uuid, person uuid, score numeric)
language plpgsql stable as $$
#variable_conflict use_column
begin
	return query
	with known as materialized (select c.abstract, c.person from review_conflicts(in_conference) c)
	select r.id, r.abstract, r.person,
		100.0 * sum(c.weight * (s.score - c.low)::numeric / (c.high - c.low)) / nullif(sum(c.weight), 0)
	from review r left join review_score s on s.review = r.id
		left join review_criterion c on c.id = s.criterion and c.weight is not null
	where r.conference = in_conference and r.state = 'final'
		and not exists (select from known k where k.abstract = r.abstract and k.person = r.person)
	group by r.id;
end $$;

-- An abstract's reviews: how many, their mean, the mean of how far each was above or below what its reviewer usually gives (in standard
-- deviations; only of reviewers with three or more, and 0 of one who gives everybody the same), and how far the highest is above the lowest.
create or replace function review_of(in_conference uuid)
returns table (abstract uuid, reviews int, score numeric, z numeric, spread numeric)
language plpgsql stable as $$
#variable_conflict use_column
begin
	return query
	with counted as materialized (
		select * from review_counted(in_conference)
	), habit as (
		select c.person, avg(c.score) as mean, stddev_samp(c.score) as deviation from counted c group by 1 having count(c.score) >= 3
	)
	select c.abstract, count(*)::int, round(avg(c.score), 1),
		round(avg(case when h.deviation = 0 then 0 else (c.score - h.mean) / h.deviation end) filter (where h.person is not null), 2),
		round(max(c.score) - min(c.score), 1)
	from counted c left join habit h on h.person = c.person and c.score is not null
	group by 1;
end $$;

-- What the authors of abstracts are told with the decision: what reviewers wrote for them, without names, one below the other. Who knows
-- whom is looked up once for all of them; one without a word has no row.
create or replace function review_comments_of(in_conference uuid, in_abstracts uuid[]) returns table (abstract uuid, said text)
language plpgsql stable as $$
#variable_conflict use_column
begin
	return query
	with knows as materialized (
		select c.abstract, c.person
		from review_conflicts(in_conference, case when cardinality(in_abstracts) = 1 then in_abstracts[1] end) c
	)
	select r.abstract, string_agg(r.to_authors, E'\n\n' order by md5(r.id::text)) from review r
	where r.conference = in_conference and r.abstract = any (in_abstracts) and r.state = 'final' and btrim(r.to_authors) <> ''
		and not exists (select from knows k where k.abstract = r.abstract and k.person = r.person)
	group by r.abstract;
end $$;

create or replace function review_comments(in_conference uuid, in_abstract uuid) returns text
language plpgsql stable as $$
begin
	return coalesce((select c.said from review_comments_of(in_conference, array[in_abstract]) c), '');
end $$;

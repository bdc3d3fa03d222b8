-- Who reviews which abstract, by which criteria, what they said, and who may not because they know the authors.

-- How reviewing goes. Its row is also what is locked by whoever changes who reviews what.
create table review_setup (
	conference uuid constraint review_setup_once primary key
		constraint review_setup_conference references conference on delete cascade,
	-- Reviewers see neither authors nor each other's names.
	blind boolean not null default true,
	-- Conference time until which reviewers may write; null: as long as they like.
	until timestamptz,
	per_abstract int not null default 3 constraint review_setup_per_abstract check (per_abstract between 1 and 9),
	version int not null default 1
);

-- A criterion without a weight is asked and shown, and counts for nothing.
create table review_criterion (
	id uuid default gen_random_uuid() constraint review_criterion_key primary key,
	conference uuid not null constraint review_criterion_conference references conference on delete cascade,
	ord int not null,
	name text not null constraint review_criterion_name_size check (char_length(name) between 1 and 100),
	weight int constraint review_criterion_weight check (weight between 1 and 100),
	low int not null constraint review_criterion_low check (low >= 0),
	high int not null constraint review_criterion_high check (high <= 100),
	constraint review_criterion_range check (low < high),
	constraint review_criterion_name_once unique (conference, name) deferrable,
	constraint review_criterion_order_once unique (conference, ord) deferrable
);

-- What an affiliation is compared by: its institutions without the words that all of them have, each as its words in the order of the
-- alphabet. Departments, cities and countries behind an institution say nothing. A column is made of it: it has to give the same for ever.
create or replace function affiliation_words(part text) returns text
language sql immutable parallel safe as $$
	select string_agg(distinct w, ' ' order by w) from (
		select case x when 'kobenhavn' then 'copenhagen' when 'kobenhavns' then 'copenhagen' when 'danmarks' then 'denmark'
			when 'danmark' then 'denmark' when 'tekniske' then 'technical' else x end as w
		from regexp_split_to_table(part, '[^[:alnum:]]+') x) y
	where char_length(w) > 1 and w not in ('of', 'the', 'and', 'for', 'at', 'in', 'de', 'la', 'le', 'der', 'die', 'den', 'und', 'von', 'og', 'af',
		'university', 'universitet', 'universitetet', 'universitets', 'universite', 'universidad', 'universita', 'universitat', 'universiteit',
		'univ', 'institute', 'institut', 'instituttet', 'institution', 'hospital', 'hospitalet', 'universitetshospital', 'school', 'college',
		'academy', 'centre', 'center', 'aps', 'as', 'ltd', 'inc', 'gmbh', 'llc', 'plc', 'corp', 'corporation', 'company')
$$;

create or replace function affiliation_keys(affiliations text) returns text[]
language sql immutable parallel safe as $$
	with part as (
		select line.n as line, p.n, p.part,
			case when p.part ~ '\m(universi|univ\M|universit|uni\M|dtu\M|sdu\M|cbs\M)' then 3
				when p.part ~ '(hospital|\mcollege|\mschool|\macademy|\minstitut|\mcent(re|er)\M)' then 2
				when p.part ~ '\m(dept|department|afdeling|faculty|fakultet|division|section|sektion|unit|lab|laboratory|group)\M' then 0
				else 1 end as rank
		from regexp_split_to_table(people_fold(affiliations), '\n') with ordinality line(text, n),
			regexp_split_to_table(line.text, '[,;()|]') with ordinality p(part, n)
		where p.part ~ '[[:alnum:]]'
	), best as (
		select p.line, max(p.rank) as rank from part p group by p.line
	)
	select coalesce(array_agg(distinct k order by k), '{}')
	from (select affiliation_words(p.part) as k
		from part p join best b on b.line = p.line and b.rank = p.rank
		-- Without a word for what it is, the first one is the institution: a city and a country follow.
		where b.rank > 1 or p.n = (select min(f.n) from part f where f.line = p.line and f.rank = p.rank)) x
	where k is not null
$$;

alter table abstract_author
	add column places text[] not null generated always as (affiliation_keys(affiliation)) stored,
	add column called text not null generated always as (people_fold(name)) stored;
create index abstract_author_by_called on abstract_author (conference, called);
create index abstract_author_by_email on abstract_author (conference, email);

-- Somebody who reviews; what hangs on them follows when two rows turn out to be one person. Who is removed stays as a row, so that what they said before can be judged by whom they know.
create table reviewer (
	person uuid constraint reviewer_once primary key constraint reviewer_person references person on delete cascade,
	conference uuid not null constraint reviewer_conference references conference on delete cascade,
	-- The most they want; null: their share.
	load int constraint reviewer_load check (load between 0 and 1000),
	-- Where they work and worked lately, one a line.
	affiliations text not null default '' constraint reviewer_affiliations_size check (char_length(affiliations) <= 1000),
	places text[] not null generated always as (affiliation_keys(affiliations)) stored,
	removed timestamptz
);
create index reviewer_by_conference on reviewer (conference);

-- None: any topic.
create table reviewer_track (
	person uuid not null constraint reviewer_track_reviewer references reviewer on delete cascade on update cascade,
	track uuid not null constraint reviewer_track_track references track on delete cascade,
	constraint reviewer_track_once primary key (person, track)
);

create table review_assignment (
	conference uuid not null constraint review_assignment_conference references conference on delete cascade,
	abstract uuid not null constraint review_assignment_abstract references abstract on delete cascade,
	person uuid not null constraint review_assignment_reviewer references reviewer on delete cascade on update cascade,
	at timestamptz not null default now(),
	by_person uuid,
	constraint review_assignment_once primary key (abstract, person)
);
create index review_assignment_by_person on review_assignment (person);

create table review (
	id uuid default gen_random_uuid() constraint review_key primary key,
	conference uuid not null constraint review_conference references conference on delete cascade,
	abstract uuid not null constraint review_abstract references abstract on delete cascade,
	person uuid not null constraint review_person references person on delete cascade,
	state text not null default 'draft' constraint review_state check (state in ('draft', 'final')),
	to_authors text not null default '' constraint review_to_authors_size check (char_length(to_authors) <= 4000),
	to_committee text not null default '' constraint review_to_committee_size check (char_length(to_committee) <= 4000),
	version int not null default 1,
	saved timestamptz not null default now(),
	-- When it was first final.
	finished timestamptz,
	constraint review_once unique (abstract, person),
	constraint review_finished check ((state = 'final') = (finished is not null))
);
create index review_by_conference on review (conference) where state = 'final';
create index review_by_person on review (person);

create table review_score (
	review uuid not null constraint review_score_review references review on delete cascade,
	criterion uuid not null constraint review_score_criterion references review_criterion on delete cascade,
	score int not null,
	constraint review_score_once primary key (review, criterion)
);
create index review_score_by_criterion on review_score (criterion);

-- What people said about who knows whom: a reviewer that there is a conflict, an organiser that there is one or that what was found is none.
create table interest (
	conference uuid not null constraint interest_conference references conference on delete cascade,
	abstract uuid not null constraint interest_abstract references abstract on delete cascade,
	person uuid not null constraint interest_person references person on delete cascade,
	side text not null constraint interest_side check (side in ('own', 'organiser')),
	has boolean not null,
	reason text not null default '' constraint interest_reason_size check (char_length(reason) <= 500),
	by_person uuid,
	at timestamptz not null default now(),
	constraint interest_once primary key (abstract, person, side),
	constraint interest_own_has check (side <> 'own' or has)
);
create index interest_by_person on interest (person);

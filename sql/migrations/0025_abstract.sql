-- What is offered to the conference, by whom it was written, and the language a person is written to in.

alter table person add column language text not null default 'en' constraint person_language check (language in ('en', 'da'));

-- An offer, not what is held: a talk made of one names it. `mode` is where its presenter means to be.
create table abstract (
	id uuid default gen_random_uuid() constraint abstract_key primary key,
	conference uuid not null constraint abstract_conference references conference on delete cascade,
	-- Given when it is first submitted; what people call it by.
	number int,
	person uuid not null constraint abstract_person references person on delete cascade,
	title text not null default '' constraint abstract_title_size check (char_length(title) <= 300),
	body text not null default '' constraint abstract_body_size check (char_length(body) <= 20000),
	-- The body without what tells who wrote it; null: nothing was taken out.
	redacted text constraint abstract_redacted_size check (char_length(redacted) <= 20000),
	wish text not null default 'talk' constraint abstract_wish check (wish in ('talk', 'poster', 'either')),
	mode text not null default 'on_site' constraint abstract_mode check (mode in ('on_site', 'online')),
	state text not null default 'draft' constraint abstract_state check (state in ('draft', 'submitted', 'withdrawn')),
	version int not null default 1,
	saved timestamptz not null default now(),
	-- Conference time at which the upload of what counts began; the deadline is judged by it.
	received timestamptz,
	withdrawn timestamptz,
	-- Where it came from when it was imported.
	source text constraint abstract_source_size check (char_length(source) <= 200),
	-- The decision in force; what the committee means to decide is no column here.
	outcome text constraint abstract_outcome check (outcome in ('talk', 'poster', 'standby', 'declined')),
	rank int constraint abstract_rank_positive check (rank > 0),
	session uuid constraint abstract_session references session on delete set null,
	decided timestamptz,
	constraint abstract_number_once unique (conference, number),
	constraint abstract_received check (state = 'draft' or received is not null),
	constraint abstract_decided check ((outcome is null) = (decided is null)),
	constraint abstract_ranked check (rank is null or outcome = 'standby')
);
create index abstract_by_person on abstract (person);

-- In the order of the authors' list. Authors need not be speakers; one presents.
create table abstract_author (
	id uuid default gen_random_uuid() constraint abstract_author_key primary key,
	conference uuid not null constraint abstract_author_conference references conference on delete cascade,
	abstract uuid not null constraint abstract_author_abstract references abstract on delete cascade,
	ord int not null,
	name text not null constraint abstract_author_name_size check (char_length(name) between 1 and 200),
	affiliation text not null default '' constraint abstract_author_affiliation_size check (char_length(affiliation) <= 300),
	email text constraint abstract_author_email_form check (email = lower(email) and char_length(email) between 3 and 254),
	presents boolean not null default false,
	constraint abstract_author_order_once unique (abstract, ord) deferrable
);
create unique index abstract_one_presenter on abstract_author (abstract) where presents;

-- Its topics: tracks of the conference.
create table abstract_track (
	abstract uuid not null constraint abstract_track_abstract references abstract on delete cascade,
	track uuid not null constraint abstract_track_track references track on delete cascade,
	constraint abstract_track_once primary key (abstract, track)
);

alter table talk add column abstract uuid constraint talk_abstract references abstract on delete set null;
create unique index talk_of_one_abstract on talk (abstract) where abstract is not null;

-- Whom a reviewer says ahead of any assignment that they cannot judge: a person by name, or all who work at a place. Compared as what is
-- found is: names folded, places by their institution. Two that are alike are one by the statement that adds them: an erasure may make
-- two names into the same […].
create table interest_ahead (
	id uuid default gen_random_uuid() constraint interest_ahead_key primary key,
	conference uuid not null constraint interest_ahead_conference references conference on delete cascade,
	person uuid not null constraint interest_ahead_person references person on delete cascade,
	kind text not null constraint interest_ahead_kind check (kind in ('person', 'place')),
	text text not null constraint interest_ahead_size check (char_length(text) between 1 and 200),
	called text not null generated always as (people_fold(text)) stored,
	places text[] not null generated always as (affiliation_keys(text)) stored,
	at timestamptz not null default now()
);
create index interest_ahead_by_person on interest_ahead (person);
create index interest_ahead_by_conference on interest_ahead (conference);

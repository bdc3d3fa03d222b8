-- Selection: how many places there are, what the committee means to decide, what became of it.

-- How many talks of a session come from abstracts; null: none do.
alter table session add column places int constraint session_places check (places between 1 and 100);

-- When a place that was given came back: declined, lapsed, cancelled, withdrawn. Nothing is in force then.
alter table abstract
	add column returned timestamptz,
	add constraint abstract_returned check (returned is null or outcome is null);

-- One row a conference: whoever decides or gives back a place holds it, so that places are counted by one at a time.
create table selection (
	conference uuid constraint selection_once primary key constraint selection_conference references conference on delete cascade,
	-- Null: as many as there are.
	posters int constraint selection_posters check (posters between 0 and 10000),
	-- How long somebody may think about an offer; who moves up from the standby list has less time.
	answer_days int not null default 14 constraint selection_answer_days check (answer_days between 1 and 90),
	standby_days int not null default 3 constraint selection_standby_days check (standby_days between 1 and 30),
	-- How often decisions were applied.
	round int not null default 0,
	version int not null default 1
);

-- What the committee means, until it is applied; outcome null: nothing beyond what is in force. The version counts on.
create table decision (
	abstract uuid constraint decision_once primary key constraint decision_abstract references abstract on delete cascade,
	conference uuid not null constraint decision_conference references conference on delete cascade,
	outcome text constraint decision_outcome check (outcome in ('talk', 'poster', 'standby', 'declined')),
	session uuid constraint decision_session references session on delete set null,
	rank int constraint decision_rank_positive check (rank > 0),
	note text not null default '' constraint decision_note_size check (char_length(note) <= 1000),
	version int not null default 1,
	by_person uuid constraint decision_by_person references person on delete set null,
	at timestamptz not null,
	constraint decision_ranked check ((rank is not null) = (outcome is not distinct from 'standby')),
	constraint decision_placed check (session is null or outcome in ('talk', 'standby'))
);
create index decision_by_conference on decision (conference);

-- Every step, in conference time. The application may only add; a line goes with the abstract it is about.
create table decision_log (
	id bigint generated always as identity constraint decision_log_key primary key,
	conference uuid not null constraint decision_log_conference references conference on delete cascade,
	at timestamptz not null,
	actor uuid,
	abstract uuid constraint decision_log_abstract references abstract on delete cascade,
	what text not null constraint decision_log_what
		check (what in ('stage', 'unstage', 'shift', 'apply', 'return', 'promote', 'withdraw', 'capacity')),
	-- Of `apply`: which of them.
	round int,
	outcome text,
	session uuid,
	rank int,
	was_outcome text,
	was_session uuid,
	was_rank int,
	note text not null default '' constraint decision_log_note_size check (char_length(note) <= 1000)
);
create index decision_log_by_conference on decision_log (conference, id);

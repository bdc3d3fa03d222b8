-- The call for abstracts: its deadlines as they were announced, who may be late, drafts as they are typed, and who agreed to which words.

-- One a conference. A deadline is the text, the label and the zone people read, and the instant these meant when it was saved.
create table call (
	conference uuid constraint call_once primary key constraint call_conference references conference on delete cascade,
	version int not null default 1,
	opens_text text not null,
	opens_label text not null,
	opens_zone text not null,
	opens timestamptz not null,
	closes_text text not null,
	closes_label text not null,
	closes_zone text not null,
	closes timestamptz not null,
	-- Never told to anybody: what comes so many seconds late still counts.
	grace interval not null default '0' constraint call_grace check (grace between '0' and interval '1 day'),
	-- When people are told, in words.
	answers text not null default '' constraint call_answers_size check (char_length(answers) <= 200),
	answers_da text not null default '' constraint call_answers_da_size check (char_length(answers_da) <= 200),
	intro text not null default '' constraint call_intro_size check (char_length(intro) <= 3000),
	intro_da text not null default '' constraint call_intro_da_size check (char_length(intro_da) <= 3000),
	characters int not null default 2500 constraint call_characters check (characters between 100 and 4000),
	saved timestamptz not null default now(),
	by_person uuid,
	constraint call_order check (opens < closes)
);

-- Every version it ever had: never changed.
create table call_revision (
	conference uuid not null constraint call_revision_conference references conference on delete cascade,
	version int not null,
	content jsonb not null,
	saved timestamptz not null,
	by_person uuid,
	constraint call_revision_once primary key (conference, version)
);

-- Somebody by name may hand in until an instant of their own.
create table call_late (
	conference uuid not null constraint call_late_conference references conference on delete cascade,
	email text not null constraint call_late_email_form check (email = lower(email) and char_length(email) between 3 and 254),
	until timestamptz not null,
	reason text not null constraint call_late_reason_size check (char_length(reason) between 1 and 500),
	by_person uuid,
	at timestamptz not null default now(),
	constraint call_late_once primary key (conference, email)
);

-- The words of each consent, every version; the newest is asked for, unless it was retired.
create table consent_text (
	conference uuid not null constraint consent_text_conference references conference on delete cascade,
	kind text not null constraint consent_text_kind check (kind ~ '^[a-z][a-z_]{0,39}$'),
	version int not null constraint consent_text_version check (version > 0),
	text text not null constraint consent_text_size check (char_length(text) between 1 and 2000),
	text_da text not null default '' constraint consent_text_da_size check (char_length(text_da) <= 2000),
	required boolean not null,
	retired boolean not null default false,
	ord int not null default 0,
	saved timestamptz not null default now(),
	constraint consent_text_once primary key (conference, kind, version)
);

-- Who agreed to which words, or no longer does: added to, never changed; the last row of a kind counts.
create table consent (
	id bigint generated always as identity constraint consent_key primary key,
	conference uuid not null,
	person uuid not null constraint consent_person references person on delete cascade,
	abstract uuid constraint consent_abstract references abstract on delete cascade,
	kind text not null,
	version int not null,
	given boolean not null,
	-- Conference time.
	at timestamptz not null,
	constraint consent_words foreign key (conference, kind, version) references consent_text on delete cascade
);
create index consent_by_abstract on consent (abstract, kind, id desc);

-- What somebody has typed and not handed in. It may be half a word: what is handed in is checked then.
create table abstract_draft (
	abstract uuid constraint abstract_draft_once primary key constraint abstract_draft_of references abstract on delete cascade,
	conference uuid not null constraint abstract_draft_conference references conference on delete cascade,
	content jsonb not null constraint abstract_draft_size check (octet_length(content::text) <= 60000),
	saved timestamptz not null default now()
);

create index abstract_by_conference on abstract (conference, state);
create unique index abstract_source_once on abstract (conference, source) where source is not null;

-- An address nobody has: who says their name while the conference takes new people becomes a person when the code is right.
alter table sign_in add column name text constraint sign_in_name_size check (char_length(name) between 1 and 200);
alter table sign_in add column language text constraint sign_in_language check (language in ('en', 'da'));

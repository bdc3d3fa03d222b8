-- The way to a registration: invitations with what they cover, answers, applications, the waiting list, places online and beds.

-- Beside conference.seats, the places on site. Null: nobody counts them.
alter table conference add column seats_online int constraint conference_seats_online check (seats_online > 0);

-- Raised by what staff correct, so that two of them do not write over each other.
alter table person add column version int not null default 1;

create table registration_setting (
	conference uuid constraint registration_setting_once primary key
		constraint registration_setting_conference references conference on delete cascade,
	-- Whether anybody may register, may ask to be let in, or neither.
	open text not null default 'closed' constraint registration_setting_open check (open in ('closed', 'approval', 'open')),
	-- How long an invitation stands that says nothing else, and a place that is offered to the next of the waiting list.
	invite_days int not null default 14 constraint registration_setting_invite_days check (invite_days between 1 and 120),
	offer_hours int not null default 48 constraint registration_setting_offer_hours check (offer_hours between 1 and 336),
	-- Beds a night for those whose nights are covered; null: nobody counts them.
	beds int constraint registration_setting_beds check (beds > 0),
	questions text[] not null default '{badge_name,diet,access,nights}'
		constraint registration_setting_questions check (questions <@ '{badge_name,diet,access,nights}'::text[]),
	version int not null default 1
);

-- What is covered for whom: fee and nights by what they are invited for. Travel is not.
create table cover_rule (
	conference uuid not null constraint cover_rule_conference references conference on delete cascade,
	what text not null constraint cover_rule_what
		check (what in ('talk', 'poster', 'keynote', 'panel', 'chair', 'standby', 'waiting', 'open')),
	fee boolean not null default false,
	nights int not null default 0 constraint cover_rule_nights check (nights between 0 and 14),
	constraint cover_rule_once primary key (conference, what)
);

-- The offer of a place until `expires`, conference time. Whether it still stands is asked of the clock, never of a job: `lapsed` is what was
-- told of it afterwards. One that waits is a place held.
create table invitation (
	id uuid default gen_random_uuid() constraint invitation_key primary key,
	conference uuid not null constraint invitation_conference references conference on delete cascade,
	person uuid not null constraint invitation_person references person on delete cascade,
	what text not null constraint invitation_what
		check (what in ('talk', 'poster', 'keynote', 'panel', 'chair', 'standby', 'waiting', 'open')),
	abstract uuid constraint invitation_abstract references abstract on delete set null,
	mode text not null constraint invitation_mode check (mode in ('on_site', 'online')),
	-- What was promised with it, by the rules of that day.
	fee boolean not null,
	nights int not null constraint invitation_nights check (nights between 0 and 14),
	state text not null default 'sent'
		constraint invitation_state check (state in ('sent', 'accepted', 'declined', 'lapsed', 'replaced', 'returned')),
	issued timestamptz not null,
	expires timestamptz not null,
	reminded timestamptz,
	answered timestamptz,
	by_person uuid,
	constraint invitation_order check (issued < expires),
	constraint invitation_answered check ((state = 'sent') = (answered is null))
);
-- One that stands for a person and what it is about.
create unique index invitation_live_once on invitation (person, abstract, (case when abstract is null then what end)) nulls not distinct
	where state = 'sent';
create index invitation_by_person on invitation (person);
create index invitation_standing on invitation (conference, expires) where state = 'sent';
create index invitation_by_abstract on invitation (abstract) where abstract is not null;

alter table registration
	-- What is covered: the fee, and how many nights.
	add column fee boolean not null default false,
	add column nights int not null default 0 constraint registration_nights check (nights between 0 and 14),
	add column changed timestamptz not null default now();

-- What the form asks. What tells of somebody's health is kept only with their consent to a text of that version.
create table registration_answer (
	person uuid constraint registration_answer_once primary key
		constraint registration_answer_person references person on delete cascade,
	conference uuid not null constraint registration_answer_conference references conference on delete cascade,
	badge_name text constraint registration_answer_badge_name check (char_length(badge_name) between 1 and 100),
	diet text not null default '' constraint registration_answer_diet check (char_length(diet) <= 500),
	access text not null default '' constraint registration_answer_access check (char_length(access) <= 1000),
	nights date[] not null default '{}' constraint registration_answer_nights check (cardinality(nights) <= 14),
	consent text constraint registration_answer_consent_size check (char_length(consent) between 1 and 40),
	consented timestamptz,
	saved timestamptz not null default now(),
	constraint registration_answer_consent check ((diet = '' and access = '') or consent is not null),
	constraint registration_answer_consented check ((consent is null) = (consented is null))
);
create index registration_answer_by_conference on registration_answer (conference);

-- Somebody who asks to be let in where registration is by approval.
create table application (
	person uuid constraint application_once primary key constraint application_person references person on delete cascade,
	conference uuid not null constraint application_conference references conference on delete cascade,
	mode text not null constraint application_mode check (mode in ('on_site', 'online')),
	text text not null default '' constraint application_text_size check (char_length(text) <= 2000),
	asked timestamptz not null,
	state text not null default 'waiting' constraint application_state check (state in ('waiting', 'accepted', 'refused')),
	reason text not null default '' constraint application_reason_size check (char_length(reason) <= 1000),
	decided timestamptz,
	by_person uuid,
	constraint application_decided check ((state = 'waiting') = (decided is null))
);
create index application_by_conference on application (conference, asked);

-- First come, first served, by when somebody came to the list; who lets an offer pass comes again at its end.
create table waiting (
	n bigint generated always as identity constraint waiting_key primary key,
	person uuid not null constraint waiting_once unique constraint waiting_person references person on delete cascade,
	conference uuid not null constraint waiting_conference references conference on delete cascade,
	mode text not null constraint waiting_mode check (mode in ('on_site', 'online')),
	entered timestamptz not null,
	-- The place that is offered now.
	invitation uuid constraint waiting_invitation references invitation on delete set null
);
create index waiting_in_order on waiting (conference, mode, n);

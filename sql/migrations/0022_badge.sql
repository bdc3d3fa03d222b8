-- Badges: who has one on which paper, what waits for which printer, the boxes of the evening before.

alter table person
	add column organisation text constraint person_organisation_size check (char_length(organisation) <= 200);

-- Which printer prints for those let in here; null: the conference's, or any.
alter table station
	add column printer text constraint station_printer_size check (char_length(printer) between 1 and 60);

create table badge_setting (
	conference uuid constraint badge_setting_once primary key
		constraint badge_setting_conference references conference on delete cascade,
	template text not null default 'card' constraint badge_setting_template check (template in ('a6', 'card', 'label')),
	per_box int not null default 100 constraint badge_setting_per_box check (per_box between 10 and 1000),
	-- A door prints for whoever has none yet.
	auto boolean not null default false,
	printer text constraint badge_setting_printer_size check (char_length(printer) between 1 and 60)
);

-- The evening before: many on sheets, in boxes.
create table badge_batch (
	id uuid constraint badge_batch_key primary key,
	conference uuid not null constraint badge_batch_conference references conference on delete cascade,
	n int not null,
	template text not null constraint badge_batch_template check (template in ('a6', 'card', 'label')),
	per_box int not null constraint badge_batch_per_box check (per_box between 10 and 1000),
	-- Its boxes in the count of the conference: 1 is A.
	first_box int not null,
	last_box int not null,
	badges int not null constraint badge_batch_some check (badges > 0),
	at timestamptz not null,
	by_person uuid,
	-- Somebody said that the paper is in the boxes.
	printed timestamptz,
	constraint badge_batch_n_once unique (conference, n)
);

-- A program beside a printer, or a browser that prints: when it last asked for work, and what keeps it from printing.
create table badge_printer (
	conference uuid not null constraint badge_printer_conference references conference on delete cascade,
	name text not null constraint badge_printer_name_size check (char_length(name) between 1 and 60),
	seen timestamptz not null,
	ready boolean not null,
	error text constraint badge_printer_error_size check (char_length(error) <= 300),
	constraint badge_printer_once primary key (conference, name)
);

create table print_job (
	id uuid default gen_random_uuid() constraint print_job_key primary key,
	conference uuid not null constraint print_job_conference references conference on delete cascade,
	person uuid not null constraint print_job_person references person on delete cascade,
	template text not null constraint print_job_template check (template in ('a6', 'card', 'label')),
	copy_no int not null constraint print_job_copy check (copy_no between 1 and 99),
	reason text constraint print_job_reason_size check (char_length(reason) between 1 and 300),
	-- Who asked: a station or a person.
	station uuid constraint print_job_station references station on delete set null,
	by_person uuid,
	state text not null default 'queued' constraint print_job_state check (state in ('queued', 'sent', 'done', 'failed', 'unknown')),
	-- Where it was asked for (null: anywhere), and the one that took it.
	wanted text constraint print_job_wanted_size check (char_length(wanted) between 1 and 60),
	printer text constraint print_job_printer_size check (char_length(printer) between 1 and 60),
	error text constraint print_job_error_size check (char_length(error) <= 300),
	-- Whoever prints it, and until when nobody else need worry.
	agent uuid,
	lease timestamptz,
	batch uuid constraint print_job_batch references badge_batch on delete cascade,
	box int,
	number int,
	at timestamptz not null,
	changed timestamptz not null,
	-- Stronger than once a template: whoever has a badge of one kind has their first badge.
	constraint print_job_once unique (person, copy_no),
	constraint print_job_box_once unique (conference, box, number),
	-- Nobody gets a second one without a word.
	constraint print_job_reason check ((copy_no = 1) = (reason is null)),
	constraint print_job_boxed check ((box is null) = (number is null) and (box is null) = (batch is null) and (batch is null or copy_no = 1))
);
create index print_job_waiting on print_job (conference, at) where state = 'queued' and batch is null;
create index print_job_sent on print_job (conference, printer) where state = 'sent' and batch is null;
create index print_job_by_conference on print_job (conference, at);
create index print_job_by_batch on print_job (batch) where batch is not null;

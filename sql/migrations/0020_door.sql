-- The door: zones, rules, categories, codes that a station can know without a network, and what a station is.

create table category (
	id uuid default gen_random_uuid() constraint category_key primary key,
	conference uuid not null constraint category_conference references conference on delete cascade,
	name text not null constraint category_name_size check (char_length(name) between 1 and 60),
	color text constraint category_color check (color ~ '^#[0-9a-fA-F]{6}$'),
	ord int not null default 0,
	version int not null default 1,
	constraint category_name_once unique (conference, name)
);

alter table person
	add column category uuid constraint person_category references category on delete set null;
create index person_by_category on person (category) where category is not null;

-- The code sealed under key_dir (AES-256-GCM: nonce, text, tag), for its owner's page, print, and the stations' snapshots; row_key finds
-- its row in a snapshot and is made of the code alone.
alter table entry_code
	add column row_key bytea constraint entry_code_row_key_once unique
		constraint entry_code_row_key_size check (octet_length(row_key) = 16),
	add column sealed bytea,
	-- Anything a station is told of it, its owner's name, mode, category and notes among them, changed last.
	add column changed timestamptz not null default clock_timestamp();
create index entry_code_changed on entry_code (conference, changed);

-- Where people are. Somebody inside a zone is inside those it is part of; of zones beside each other in one only.
create table zone (
	id uuid default gen_random_uuid() constraint zone_key primary key,
	conference uuid not null constraint zone_conference references conference on delete cascade,
	part_of uuid constraint zone_part_of references zone on delete set null,
	name text not null constraint zone_name_size check (char_length(name) between 1 and 120),
	capacity int constraint zone_capacity check (capacity > 0),
	version int not null default 1,
	constraint zone_name_once unique (conference, name),
	constraint zone_itself check (part_of <> id)
);

alter table checkin_list
	add column zone uuid constraint checkin_list_zone references zone on delete set null,
	-- Wall time at which whoever is still inside counts as gone; null: never.
	add column day_ends time,
	add column version int not null default 1;

-- Who may come in when: of a category (null: everybody), on a day (null: each day of the conference), between wall times (null: all day).
-- A list without rows asks nobody. `until` at or before `opens` is on the next day.
create table list_rule (
	id uuid default gen_random_uuid() constraint list_rule_key primary key,
	conference uuid not null constraint list_rule_conference references conference on delete cascade,
	list uuid not null constraint list_rule_list references checkin_list on delete cascade,
	category uuid constraint list_rule_category references category on delete cascade,
	day date,
	opens time,
	until time,
	constraint list_rule_times check ((opens is null) = (until is null))
);
create index list_rule_by_list on list_rule (list);

-- Which methods a station may call (its roles follow from it); how often its PIN was tried wrongly since it was right.
alter table station
	add column profile text not null default 'self_service'
		constraint station_profile check (profile in ('self_service', 'desk', 'gate', 'print', 'board')),
	add column pin_hash bytea,
	add column pin_tries int not null default 0 constraint station_pin_tries check (pin_tries between 0 and 5);

-- What each station last said of itself.
create table station_state (
	station uuid constraint station_state_once primary key constraint station_state_station references station on delete cascade,
	conference uuid not null constraint station_state_conference references conference on delete cascade,
	seen timestamptz not null,
	since timestamptz not null,
	boot_id uuid,
	said jsonb not null default '{}'
) with (fillfactor = 50);

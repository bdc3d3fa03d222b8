-- The desk at the door: what volunteers must do for whom, who was searched for and let in by name, people without a ticket, and screens
-- that sign people in.

create extension if not exists pg_trgm;

-- As in sql/functions/people/fold.sql: it has to be there, and to give the same for ever, before a column can be made of it.
create or replace function people_fold(name text) returns text
language sql immutable parallel safe as $$
	select replace(replace(replace(public.unaccent('public.unaccent', lower(name)), 'aa', 'a'), 'ae', 'a'), 'oe', 'o')
$$;

alter table person
	add column folded text not null generated always as (people_fold(name || ' ' || coalesce(organisation, ''))) stored;
create index person_by_letters on person using gin (folded gin_trgm_ops);

-- What is to be done for somebody who comes in: for all at a list, of a category, or for one. Taken away it stays, for those who confirmed it.
create table door_note (
	id uuid default gen_random_uuid() constraint door_note_key primary key,
	conference uuid not null constraint door_note_conference references conference on delete cascade,
	list uuid constraint door_note_list references checkin_list on delete cascade,
	category uuid constraint door_note_category references category on delete cascade,
	person uuid constraint door_note_person references person on delete cascade,
	text text not null constraint door_note_size check (char_length(text) between 1 and 200),
	text_da text constraint door_note_size_da check (char_length(text_da) between 1 and 200),
	-- Somebody says that it was done.
	confirm boolean not null default false,
	by_person uuid,
	saved timestamptz not null default now(),
	removed timestamptz
);
create index door_note_live on door_note (conference, person) where removed is null;

create table door_confirm (
	scan uuid not null constraint door_confirm_scan references scan on delete cascade,
	note uuid not null constraint door_confirm_note references door_note on delete cascade,
	conference uuid not null constraint door_confirm_conference references conference on delete cascade,
	station uuid,
	staff uuid,
	at timestamptz not null,
	constraint door_confirm_once primary key (scan, note)
);
create index door_confirm_by_note on door_confirm (note);

-- Every search by name: who looked for what, and how many they were shown.
create table door_search (
	id bigint generated always as identity constraint door_search_key primary key,
	conference uuid not null constraint door_search_conference references conference on delete cascade,
	list uuid not null,
	station uuid,
	staff uuid,
	text text not null,
	hits int not null,
	at timestamptz not null default now()
);
create index door_search_by_time on door_search (conference, at);

-- Somebody let in by name: by whom, and what they were asked besides it.
create table door_named (
	scan uuid constraint door_named_once primary key,
	conference uuid not null constraint door_named_conference references conference on delete cascade,
	person uuid not null constraint door_named_person references person on delete cascade,
	station uuid,
	staff uuid,
	second text not null constraint door_named_second check (second in ('code', 'mail', 'organisation', 'document', 'known')),
	at timestamptz not null
);

-- Somebody without a ticket, registered at the door. A scan of theirs has their code sealed, so that a repeat shows the same one.
create table door_walk_in (
	scan uuid constraint door_walk_in_once primary key,
	conference uuid not null constraint door_walk_in_conference references conference on delete cascade,
	person uuid not null constraint door_walk_in_person references person on delete cascade,
	-- What was asked for, so that another walk-in under the same id is no repeat.
	asked bytea not null
);

-- One sign-in a scan: the hash of what the screen showed.
create table door_sign_in (
	scan uuid constraint door_sign_in_once primary key,
	hash bytea not null constraint door_sign_in_hash_once unique,
	conference uuid not null constraint door_sign_in_conference references conference on delete cascade,
	person uuid not null constraint door_sign_in_person references person on delete cascade,
	station uuid not null constraint door_sign_in_station references station on delete cascade,
	expires timestamptz not null,
	used timestamptz
);

alter table checkin_list add column sign_in boolean not null default true;

-- On-site places of the whole conference; null: nobody counts them.
alter table conference add column seats int constraint conference_seats check (seats > 0);

-- Who came without an address has one where nothing is ever delivered: what is mailed there counts as sent.
create function outbox_nowhere() returns trigger language plpgsql as $$
begin
	new.sent := now();
	new.body := '';
	return new;
end $$;
create trigger outbox_nowhere before insert on outbox for each row when (new.recipient like '%@walk-in.invalid')
	execute function outbox_nowhere();

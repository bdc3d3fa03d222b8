-- The door: lists, scans (facts), admissions (at most one live one for a person and a list), undo.

create table checkin_list (
	id uuid default gen_random_uuid() constraint checkin_list_key primary key,
	conference uuid not null constraint checkin_list_conference references conference on delete cascade,
	name text not null constraint checkin_list_name_size check (char_length(name) between 1 and 120),
	-- Doors: conference time. Null means always.
	opens timestamptz,
	closes timestamptz,
	capacity int constraint checkin_list_capacity check (capacity > 0),
	constraint checkin_list_name_once unique (conference, name),
	constraint checkin_list_times check (opens < closes)
);
alter table station add constraint station_list foreign key (list) references checkin_list on delete set null;
alter table station add constraint station_room foreign key (room) references room on delete set null;

-- What happened at the door, refused ones too. The code itself is not kept, only its HMAC.
create table scan (
	scan_id uuid constraint scan_once primary key,
	conference uuid not null constraint scan_conference references conference on delete cascade,
	list uuid not null constraint scan_list references checkin_list on delete cascade,
	station uuid constraint scan_station references station,
	staff uuid constraint scan_staff references person,
	person uuid constraint scan_person references person on delete cascade,
	raw_hash bytea not null,
	direction text not null default 'entry' constraint scan_direction check (direction in ('entry', 'exit')),
	verdict text not null constraint scan_verdict check (verdict in ('admitted', 'repeat', 'refused')),
	reason text constraint scan_reason check (reason in ('duplicate', 'unknown', 'revoked', 'superseded',
		'wrong_list', 'wrong_mode', 'not_yet', 'expired', 'full', 'malformed')),
	-- For a duplicate or repeat: the scan that admitted.
	first_scan uuid,
	scanned_at timestamptz,
	-- Conference time on the server.
	at timestamptz not null,
	result json not null,
	constraint scan_refusal check ((verdict = 'refused') = (reason is not null)),
	constraint scan_who check (station is not null or staff is not null)
);
create index scan_by_list on scan (list, at);
create index scan_refused on scan (list) where verdict = 'refused';
create index scan_exit on scan (list) where direction = 'exit';
create index scan_by_person on scan (person, list, at);

create table admission (
	id bigint generated always as identity constraint admission_key primary key,
	conference uuid not null constraint admission_conference references conference on delete cascade,
	list uuid not null constraint admission_list references checkin_list on delete cascade,
	person uuid not null constraint admission_person references person on delete cascade,
	scan uuid not null constraint admission_scan_once unique constraint admission_scan references scan,
	at timestamptz not null,
	left_at timestamptz,
	undone timestamptz,
	undone_by uuid,
	undo_reason text constraint admission_undo_reason_size check (char_length(undo_reason) <= 300)
);
-- The guarantee: whoever asks, however often, from however many kiosks at once.
create unique index admission_once on admission (list, person) where undone is null;

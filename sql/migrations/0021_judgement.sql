-- What happened at the door apart from what was judged of it, and conflicts.

-- What happened. Judgements say what it was worth. A station's own account of it: which segment of its clock, its number in it, its
-- monotonic clock, how far from ours it knew itself to be; what its screen said, which may come later than the scan.
alter table scan
	add column boot_id uuid,
	add column station_seq bigint constraint scan_station_seq check (station_seq > 0),
	add column mode text not null default 'online' constraint scan_mode check (mode in ('online', 'offline')),
	add column mono_ms bigint,
	add column offset_ms bigint,
	add column uncert_ms bigint constraint scan_uncert check (uncert_ms >= 0),
	-- Its time was held against ours and found impossible: set to the moment it arrived, or to the oldest we believe; or the station's
	-- two clocks did not agree.
	add column clock_flag text constraint scan_clock_flag check (clock_flag in ('future', 'past', 'jump')),
	add column shown_verdict text constraint scan_shown_verdict check (shown_verdict in ('admitted', 'repeat', 'refused', 'ask')),
	add column shown_reason text constraint scan_shown_reason check (char_length(shown_reason) <= 40),
	add column basis bigint,
	-- The ticket as a station knows it; of an uploaded scan also what was against its code by itself when it came.
	add column row_key bytea constraint scan_row_key_size check (octet_length(row_key) = 16),
	add column merit text,
	add column confirmed uuid[],
	add column received timestamptz not null default now(),
	add constraint scan_seq_once unique (station, boot_id, station_seq);

-- The last one of a scan counts; none is ever changed.
create table judgement (
	scan uuid not null constraint judgement_scan references scan on delete cascade,
	n int not null default 1,
	conference uuid not null constraint judgement_conference references conference on delete cascade,
	list uuid not null constraint judgement_list references checkin_list on delete cascade,
	verdict text not null constraint judgement_verdict check (verdict in ('admitted', 'repeat', 'refused', 'reversed')),
	-- With admitted: what should be known of it (admitted_after_revocation, exit_without_entry, a rule it was against).
	reason text constraint judgement_reason check (reason in ('duplicate', 'unknown', 'revoked', 'superseded', 'wrong_list', 'wrong_mode',
		'wrong_category', 'wrong_event', 'not_yet', 'expired', 'full', 'malformed', 'duplicate_offline', 'not_shown',
		'admitted_after_revocation', 'exit_without_entry')),
	-- For a duplicate: the scan that admitted.
	first_scan uuid,
	at timestamptz not null,
	by_person uuid,
	result json not null,
	constraint judgement_once primary key (scan, n),
	constraint judgement_refusal check (verdict <> 'refused' or reason is not null)
);
create index judgement_refused on judgement (list) where verdict = 'refused';
create index judgement_noted on judgement (list) where verdict = 'admitted' and reason is not null;
insert into judgement (scan, conference, list, verdict, reason, first_scan, at, result)
select scan_id, conference, list, verdict, case when verdict = 'admitted' and direction = 'exit' and first_scan is null then 'exit_without_entry'
	else reason end, first_scan, at, result from scan;

drop index scan_refused;
drop index scan_exit;
alter table scan
	drop constraint scan_refusal,
	drop column verdict,
	drop column reason,
	drop column first_scan,
	drop column result;

-- Who is where: all open admissions of one person.
create index admission_inside on admission (person) where undone is null and left_at is null;

-- Which numbers of a station's scans have come, by segment of its clock: a gap is a lost scan.
create table station_seq (
	station uuid constraint station_seq_station references station on delete cascade,
	boot_id uuid,
	conference uuid not null constraint station_seq_conference references conference on delete cascade,
	seen int8multirange not null,
	constraint station_seq_once primary key (station, boot_id)
);

-- What a person has to look at: two scans of one ticket that both let somebody in, somebody let in after the ticket was revoked, a ticket
-- burnt by an answer that never came, a walk-in without a register, numbers that are missing.
create table conflict (
	id uuid default gen_random_uuid() constraint conflict_key primary key,
	conference uuid not null constraint conflict_conference references conference on delete cascade,
	list uuid not null constraint conflict_list references checkin_list on delete cascade,
	kind text not null constraint conflict_kind check (kind in ('double_entry', 'revoked_entry', 'burnt', 'walk_in', 'missing_scans')),
	person uuid constraint conflict_person references person on delete cascade,
	scan_a uuid constraint conflict_scan_a references scan on delete cascade,
	scan_b uuid constraint conflict_scan_b references scan on delete cascade,
	station uuid constraint conflict_station references station on delete cascade,
	boot_id uuid,
	-- The clocks cannot say which of the two came first.
	undetermined boolean not null default false,
	detail jsonb not null default '{}',
	raised timestamptz not null,
	settled timestamptz,
	settled_by uuid,
	note text constraint conflict_note_size check (char_length(note) <= 300)
);
create unique index conflict_pair_once on conflict (kind, least(scan_a, scan_b), greatest(scan_a, scan_b)) where scan_b is not null;
create unique index conflict_scan_once on conflict (kind, scan_a) where scan_b is null and scan_a is not null;
create unique index conflict_boot_once on conflict (kind, station, boot_id) where scan_a is null and settled is null;
create index conflict_open on conflict (conference) where settled is null;
create index conflict_person on conflict (person) where person is not null;

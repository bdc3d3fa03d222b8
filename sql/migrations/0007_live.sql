-- Live time: what was added to a slot, when it is expected, what a room shows, and the work that keeps it right.

-- added: seconds somebody gave the slot beyond its length, or took from it.
alter table published
	add column added int not null default 0,
	add constraint slot_added check (added between -86400 and 86400),
	add constraint slot_added_length check (make_interval(secs => added) > lower(during) - upper(during)),
	add constraint slot_actual check (ended is null or ended >= started);

-- Rows are there for slots that are not on plan, or were not. planned: the plan they belong to. latest: the latest end people have been
-- shown, which keeps the Q&A window open. told_start: the start people were last told of in person; null: the plan.
create table expected (
	slot uuid constraint expected_once primary key constraint expected_slot references published on delete cascade,
	conference uuid not null constraint expected_conference references conference on delete cascade,
	room uuid not null,
	planned tstzrange not null,
	starts timestamptz not null,
	ends timestamptz not null,
	assumed boolean not null default false,
	unconfirmed boolean not null default false,
	latest timestamptz not null,
	told_start timestamptz,
	constraint expected_times check (starts <= ends)
);
create index expected_by_conference on expected (conference);

-- What a room showed when it was last looked at: events are told when it differs.
create table room_run (
	room uuid constraint room_run_once primary key constraint room_run_room references room on delete cascade,
	conference uuid not null constraint room_run_conference references conference on delete cascade,
	now_slot uuid,
	next_slot uuid,
	alarm json
);

-- One slot on its way into expect_times and out of it.
create type expect_item as (slot uuid, starts timestamptz, ends timestamptz, anchor boolean, min_s int, started timestamptz,
	ended timestamptz, added int, loose boolean, cancelled boolean);

create index published_by_room on published (room);

insert into due (conference, kind, subject, at)
select distinct conference, 'expect', room::text, now() from published
on conflict on constraint due_once do nothing;

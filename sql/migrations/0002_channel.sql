-- The channel log: one table of channels with their heads, one of events, replies kept for idempotency, tallies beside the log.

-- head is raised under the row lock of the writing transaction: positions are dense and appear in commit order.
create table channel (
	id bigint generated always as identity constraint channel_key primary key,
	conference uuid not null constraint channel_conference references conference on delete cascade,
	name text not null constraint channel_name_form check (name ~ '^[a-z]+(:[0-9a-z-]{1,36}(:mod)?)?$'),
	head bigint not null default 0,
	constraint channel_once unique (conference, name)
) with (fillfactor = 50);

create table channel_event (
	channel bigint not null constraint channel_event_channel references channel on delete cascade,
	position bigint not null,
	xid xid8 not null default pg_current_xact_id(),
	at timestamptz not null default clock_timestamp(),
	type text not null constraint channel_event_type check (type ~ '^[a-z_]+\.[a-z_]+$'),
	data json not null constraint channel_event_size check (octet_length(data::text) <= 16384),
	constraint channel_event_once primary key (channel, position)
);
create index channel_event_fence on channel_event (xid);
create index channel_event_age on channel_event (at);

-- One event on its way into the log.
create type ev as (channel text, type text, data json);

-- Absolute values that are conflated on their way out: no position, no history.
create table tally (
	channel bigint not null constraint tally_channel references channel on delete cascade,
	key text not null,
	value bigint not null,
	xid xid8 not null default pg_current_xact_id(),
	constraint tally_once primary key (channel, key)
) with (fillfactor = 50);
create index tally_fence on tally (xid);

-- The stored outcome of a keyed write: what a repeat gets, byte for byte.
create table reply (
	conference uuid not null constraint reply_conference references conference on delete cascade,
	person uuid not null,
	key uuid not null,
	body_hash bytea not null,
	body text not null,
	at timestamptz not null default now(),
	constraint reply_once primary key (conference, person, key)
);
create index reply_age on reply (at);

-- Work that falls due: claimed by any worker, told and cleaned, never relied on for correctness.
create table due (
	conference uuid constraint due_conference references conference on delete cascade,
	kind text not null,
	subject text not null default '',
	at timestamptz not null,
	constraint due_once unique nulls not distinct (conference, kind, subject)
);
create index due_next on due (at);
insert into due (conference, kind, at) values (null, 'clean', now());

-- Raised by an operator after a restore: part of the epoch, so that no cursor outlives the history it was made in.
create table restore_counter (
	one boolean default true constraint restore_counter_one primary key check (one),
	value int not null default 0
);
insert into restore_counter default values;

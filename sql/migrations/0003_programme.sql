-- Rooms, tracks, sessions with their talks, slots (the draft), and what is published.

create table room (
	id uuid default gen_random_uuid() constraint room_key primary key,
	conference uuid not null constraint room_conference references conference on delete cascade,
	guid text not null,
	name text not null constraint room_name_size check (char_length(name) between 1 and 200),
	capacity int constraint room_capacity check (capacity > 0),
	ord int not null default 0,
	-- Frab members we keep only to give them back: description, type, stream_id and the like.
	extra jsonb not null default '{}',
	constraint room_guid_once unique (conference, guid),
	constraint room_name_once unique (conference, name)
);

create table track (
	id uuid default gen_random_uuid() constraint track_key primary key,
	conference uuid not null constraint track_conference references conference on delete cascade,
	name text not null,
	color text constraint track_color check (color ~ '^#[0-9a-fA-F]{6}$'),
	slug text not null,
	ord int not null default 0,
	constraint track_name_once unique (conference, name)
);

create table speaker (
	id uuid default gen_random_uuid() constraint speaker_key primary key,
	conference uuid not null constraint speaker_conference references conference on delete cascade,
	guid text not null,
	name text not null constraint speaker_name_size check (char_length(name) between 1 and 300),
	person uuid constraint speaker_person references person on delete set null,
	-- The same: id, code, biography, avatar.
	extra jsonb not null default '{}',
	constraint speaker_guid_once unique (conference, guid)
);

create table session (
	id uuid default gen_random_uuid() constraint session_key primary key,
	conference uuid not null constraint session_conference references conference on delete cascade,
	guid uuid not null,
	-- The number a frab file calls the event by; needed again on export.
	number int not null,
	slug text not null default '',
	title text not null constraint session_title_size check (char_length(title) between 1 and 500),
	subtitle text not null default '',
	abstract text not null default '',
	description text not null default '',
	language text not null default '',
	kind text not null default '',
	track uuid constraint session_track references track on delete set null,
	url text,
	-- Frab members we keep only to give them back: links, attachments, recording, feedback_url and the like.
	extra jsonb not null default '{}',
	constraint session_guid_once unique (conference, guid),
	constraint session_number_once unique (conference, number)
);

create table talk (
	id uuid default gen_random_uuid() constraint talk_key primary key,
	conference uuid not null constraint talk_conference references conference on delete cascade,
	session uuid not null constraint talk_session references session on delete cascade,
	ord int not null,
	title text not null constraint talk_title_size check (char_length(title) between 1 and 500),
	started timestamptz,
	ended timestamptz,
	-- What moderators set over the programme's own window: auto follows it.
	ask_window text not null default 'auto' constraint talk_ask_window check (ask_window in ('auto', 'open', 'closed')),
	vote_window text not null default 'auto' constraint talk_vote_window check (vote_window in ('auto', 'open', 'closed')),
	constraint talk_order_once unique (session, ord) deferrable,
	constraint talk_times check (ended is null or started is not null)
);

create table talk_speaker (
	talk uuid not null constraint talk_speaker_talk references talk on delete cascade,
	speaker uuid not null constraint talk_speaker_speaker references speaker on delete cascade,
	ord int not null,
	constraint talk_speaker_once primary key (talk, speaker)
);

-- One occurrence of a session in a room. This row is the draft; `published` holds what people see.
create table slot (
	id uuid default gen_random_uuid() constraint slot_key primary key,
	conference uuid not null constraint slot_conference references conference on delete cascade,
	session uuid not null constraint slot_session references session on delete cascade,
	room uuid not null constraint slot_room references room,
	starts timestamptz not null,
	ends timestamptz not null,
	cancelled boolean not null default false,
	-- Set by import on the later one of a pair that its source already had in one room at one time.
	overlap_ok boolean not null default false,
	version int not null default 1,
	constraint slot_times check (starts < ends),
	constraint slot_length check (ends - starts <= interval '60 days')
);
create index slot_by_session on slot (session);
create index slot_by_conference on slot (conference);

create table release (
	conference uuid not null constraint release_conference references conference on delete cascade,
	number int not null,
	at timestamptz not null default now(),
	note text not null default '' constraint release_note_size check (char_length(note) <= 1000),
	by_person uuid,
	diff jsonb not null,
	constraint release_once primary key (conference, number)
);

-- revision is the calendar's SEQUENCE, revised its DTSTAMP and LAST-MODIFIED: both change with anything a reader can see.
create table published (
	slot uuid constraint published_once primary key constraint published_slot references slot on delete cascade,
	conference uuid not null constraint published_conference references conference on delete cascade,
	session uuid not null constraint published_session references session on delete cascade,
	room uuid not null constraint published_room references room,
	during tstzrange not null,
	cancelled boolean not null,
	overlap_ok boolean not null,
	version int not null,
	-- What a reader sees of the session besides place and time, at release time.
	content jsonb not null,
	started timestamptz,
	ended timestamptz,
	created timestamptz not null default now(),
	revision int not null default 0,
	revised timestamptz not null default date_trunc('second', now()),
	constraint slot_room_free exclude using gist (room with =, during with &&) where (not overlap_ok and not cancelled)
);
create index published_by_conference on published (conference);
create index published_by_session on published (session);

-- One queue at the microphones of a session, for those in the hall and those elsewhere; the link by which one of the latter is heard.

-- Whoever changes a queue holds its row, so that it has one order at a time. version counts the calls: "call the next" names it.
create table mic_line (
	session uuid constraint mic_line_once primary key constraint mic_line_session references session on delete cascade,
	conference uuid not null constraint mic_line_conference references conference on delete cascade,
	version int not null default 0
);

create table mic_entry (
	id uuid default gen_random_uuid() constraint mic_entry_key primary key,
	conference uuid not null constraint mic_entry_conference references conference on delete cascade,
	session uuid not null constraint mic_entry_session references session on delete cascade,
	talk uuid not null constraint mic_entry_talk references talk on delete cascade,
	-- Somebody at the hall's microphone whom nobody knows has a name alone.
	person uuid constraint mic_entry_person references person on delete cascade,
	name text constraint mic_entry_name_size check (char_length(name) between 1 and 80),
	origin text not null constraint mic_entry_origin check (origin in ('room', 'remote')),
	-- What they want to ask, when it is written already.
	question uuid constraint mic_entry_question references question on delete set null,
	-- A moderator may read it out in their place.
	read_out boolean not null default false,
	state text not null default 'waiting' constraint mic_entry_state
		check (state in ('waiting', 'called', 'connecting', 'heard', 'done', 'skipped', 'left', 'no_show')),
	version int not null default 1,
	arrival bigint generated always as identity,
	-- Where a moderator put it by hand; the number of the call, so that one knows whose turn it was.
	place int,
	turn int,
	-- Real time: how long people wait. seen: the last word of a page that waits elsewhere.
	joined timestamptz not null default now(),
	seen timestamptz not null default now(),
	called timestamptz,
	heard timestamptz,
	ended timestamptz,
	changed_by uuid,
	-- What the person and the desk have been told last: told twice it is noise.
	told_place int,
	told_presence text not null default 'here' constraint mic_entry_presence check (told_presence in ('here', 'away', 'behind')),
	constraint mic_entry_who check (num_nonnulls(person, name) = 1),
	constraint mic_entry_heard check (state <> 'heard' or heard is not null)
);
-- One place a person and session, and one voice at a time.
create unique index mic_entry_place_once on mic_entry (session, person)
	where person is not null and state in ('waiting', 'called', 'connecting', 'heard');
create unique index mic_entry_voice_once on mic_entry (session) where state = 'heard';
create index mic_entry_by_session on mic_entry (session, state);
create index mic_entry_by_person on mic_entry (person);
create index mic_entry_by_question on mic_entry (question) where question is not null;
create index mic_entry_by_talk on mic_entry (talk);

-- A room's meeting link: told to whoever is called, while they are. It opens a loudspeaker in a hall: it is in no log and no event.
create table bridge (
	room uuid constraint bridge_once primary key constraint bridge_room references room on delete cascade,
	conference uuid not null constraint bridge_conference references conference on delete cascade,
	url text not null constraint bridge_url check (url ~
		'^https://[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9._~:/?#@!$&()*+,;=%-]*)?$'),
	version int not null default 1,
	at timestamptz not null default now(),
	constraint bridge_url_size check (octet_length(url) <= 400)
);
create index bridge_by_conference on bridge (conference);

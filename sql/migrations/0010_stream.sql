-- The virtual side of rooms: streams, what overrides the clock, allowed hosts, who is watching, and attendance that was agreed to.

-- One way to see a room from elsewhere. Without starts it plays from the beginning of time, without ends to its end.
create table stream (
	id uuid constraint stream_key primary key,
	conference uuid not null constraint stream_conference references conference on delete cascade,
	room uuid not null constraint stream_room references room on delete cascade,
	kind text not null constraint stream_kind check (kind in ('hls', 'embed', 'link')),
	-- https, or http to this very machine; a host, perhaps a port, and then only what needs no quoting anywhere.
	url text not null constraint stream_url check (url ~
		'^(https://[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|http://(127\.0\.0\.1|localhost))(:[0-9]{1,5})?(/[A-Za-z0-9._~:/?#@!$&()*+,;=%-]*)?$'),
	label text not null default '' constraint stream_label_size check (char_length(label) <= 80),
	language text not null default '' constraint stream_language check (language ~ '^([a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3})?$'),
	latency_ms int constraint stream_latency check (latency_ms between 0 and 600000),
	starts timestamptz,
	ends timestamptz,
	audio_url text constraint stream_audio_url check (audio_url ~
		'^(https://[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|http://(127\.0\.0\.1|localhost))(:[0-9]{1,5})?(/[A-Za-z0-9._~:/?#@!$&()*+,;=%-]*)?$'),
	captions_url text constraint stream_captions_url check (captions_url ~
		'^(https://[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|http://(127\.0\.0\.1|localhost))(:[0-9]{1,5})?(/[A-Za-z0-9._~:/?#@!$&()*+,;=%-]*)?$'),
	version int not null default 1,
	created timestamptz not null default now(),
	constraint stream_window check (starts < ends),
	constraint stream_url_size check (octet_length(concat(url, audio_url, captions_url)) <= 1200),
	-- What somebody else's page or player shows has sides of its own.
	constraint stream_sides check (kind = 'hls' or (audio_url is null and captions_url is null))
);
create index stream_by_room on stream (room);
create index stream_by_conference on stream (conference);

-- What staff decided over the clock: an entry that plays, a break in which nothing does.
create table room_live (
	room uuid constraint room_live_once primary key constraint room_live_room references room on delete cascade,
	conference uuid not null constraint room_live_conference references conference on delete cascade,
	stream uuid constraint room_live_stream references stream on delete set null,
	hold_since timestamptz,
	hold_text jsonb,
	hold_back timestamptz
);

-- Hosts whose pages may be shown within ours, and hosts that media may come from: the page's policy is made of them.
create table stream_host (
	conference uuid not null constraint stream_host_conference references conference on delete cascade,
	use text not null constraint stream_host_use check (use in ('embed', 'media')),
	host text not null constraint stream_host_form check (host ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*(:[0-9]{1,5})?$'),
	constraint stream_host_once primary key (conference, use, host)
);

-- Who has a player open in a room just now: gone when it is closed, or 75 s after its last word. previous*: what the last report
-- replaced, so that counts move by differences.
create table player (
	conference uuid not null constraint player_conference references conference on delete cascade,
	room uuid not null constraint player_room references room on delete cascade,
	person uuid not null constraint player_person references person on delete cascade,
	state text not null constraint player_state check (state in ('joined', 'playing', 'stalled')),
	stream uuid,
	seen timestamptz not null default now(),
	previous text,
	previous_seen timestamptz,
	constraint player_once primary key (room, person)
) with (fillfactor = 50);
create index player_by_person on player (person);

-- Attendance is kept for those who agreed to this version of the notice, and for nobody else.
create table presence_consent (
	person uuid constraint presence_consent_once primary key constraint presence_consent_person references person on delete cascade,
	conference uuid not null constraint presence_consent_conference references conference on delete cascade,
	given boolean not null,
	notice int not null,
	at timestamptz not null default now()
);
create table presence (
	conference uuid not null constraint presence_conference references conference on delete cascade,
	person uuid not null constraint presence_person references person on delete cascade,
	talk uuid not null constraint presence_talk references talk on delete cascade,
	session uuid not null,
	room uuid not null constraint presence_room references room on delete cascade,
	kind text not null constraint presence_kind check (kind in ('joined', 'playing')),
	since timestamptz not null,
	until timestamptz not null,
	notice int not null,
	constraint presence_once primary key (person, talk, kind, since),
	constraint presence_times check (since <= until)
);
create index presence_by_conference on presence (conference);

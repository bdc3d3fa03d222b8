-- Stars, announcements, and the news people get of changes that concern them.

create table star (
	conference uuid not null constraint star_conference references conference on delete cascade,
	person uuid not null constraint star_person references person on delete cascade,
	session uuid not null constraint star_session references session on delete cascade,
	at timestamptz not null default now(),
	constraint star_once primary key (person, session)
);
create index star_by_session on star (session);

-- What one person is shown in the page. An unread one about a slot is replaced by the next about it; what is expected and what is
-- released are told apart, so that a delay does not hide another room.
create table news (
	id uuid default gen_random_uuid() constraint news_key primary key,
	conference uuid not null constraint news_conference references conference on delete cascade,
	person uuid not null constraint news_person references person on delete cascade,
	slot uuid not null constraint news_slot references slot on delete cascade,
	kind text not null constraint news_kind check (kind in ('expected', 'moved', 'room', 'cancelled', 'changed')),
	session uuid not null,
	title text not null,
	before jsonb,
	after jsonb,
	-- On the conference's clock.
	at timestamptz not null,
	read timestamptz
);
create unique index news_unread_once on news (person, slot, (kind = 'expected')) where read is null;
create index news_by_person on news (person, at desc);

-- Released changes nobody has heard of yet, one row a slot: from what people know to what holds now. release null: the organiser
-- stopped it, so only what people know is kept, for the next change to start from.
create table news_held (
	slot uuid constraint news_held_once primary key constraint news_held_slot references slot on delete cascade,
	conference uuid not null constraint news_held_conference references conference on delete cascade,
	release int,
	before jsonb,
	after jsonb,
	first_at timestamptz not null,
	changed_at timestamptz not null
);
create index news_held_by_release on news_held (conference, release);

-- Expected starts that moved and are about to be told.
create table news_drift (
	slot uuid constraint news_drift_once primary key constraint news_drift_slot references slot on delete cascade,
	conference uuid not null constraint news_drift_conference references conference on delete cascade,
	before timestamptz not null,
	after timestamptz not null
);

-- Mail about slots, per person: heard is the slot as the last mail had it, or as it was before the first change that could have been
-- mailed. changed_at null: nothing waits.
create table news_mail (
	person uuid not null constraint news_mail_person references person on delete cascade,
	slot uuid not null constraint news_mail_slot references slot on delete cascade,
	conference uuid not null constraint news_mail_conference references conference on delete cascade,
	session uuid not null,
	heard jsonb,
	after jsonb,
	first_at timestamptz,
	changed_at timestamptz,
	sent_at timestamptz,
	constraint news_mail_once primary key (person, slot),
	constraint news_mail_waits check ((first_at is null) = (changed_at is null))
);

-- An announcement. until and at are on the conference's clock.
create table notice (
	id uuid constraint notice_key primary key,
	conference uuid not null constraint notice_conference references conference on delete cascade,
	audience text not null constraint notice_audience check (audience in ('all', 'on_site', 'online', 'room', 'role')),
	room uuid constraint notice_room references room on delete cascade,
	role text constraint notice_role
		check (role in ('attendee', 'speaker', 'moderator', 'desk', 'reviewer', 'organiser', 'juror')),
	urgency text not null constraint notice_urgency check (urgency in ('info', 'important', 'urgent')),
	until timestamptz,
	text jsonb not null constraint notice_text_size check (octet_length(text::text) <= 14000),
	mail boolean not null,
	-- How many people it was meant for when it was published.
	recipients int not null,
	version int not null default 1,
	at timestamptz not null,
	withdrawn timestamptz,
	by_person uuid,
	constraint notice_for check ((audience = 'room') = (room is not null) and (audience = 'role') = (role is not null))
);
create index notice_by_conference on notice (conference, at);

-- Who has read it: a person, or a station where it was on the screen.
create table notice_read (
	notice uuid not null constraint notice_read_notice references notice on delete cascade,
	reader uuid not null,
	is_station boolean not null,
	at timestamptz not null default now(),
	constraint notice_read_once primary key (notice, reader)
);

-- Conferences, their people, roles, registrations, entry codes, and who is signed in.

create extension if not exists btree_gist;
create extension if not exists unaccent;

create table conference (
	id uuid default gen_random_uuid() constraint conference_key primary key,
	slug text not null
		constraint conference_slug_once unique
		constraint conference_slug_form check (slug ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
	title text not null constraint conference_title_size check (char_length(title) between 1 and 300),
	subtitle text not null default '',
	venue text not null default '',
	zone text not null,
	starts date not null,
	ends date not null,
	-- The one that is served at addresses without /e/<slug>.
	is_default boolean not null default false,
	-- Conference time is real time plus this: zero in production (architecture §8).
	clock_offset interval not null default interval '0',
	info jsonb not null default '{}',
	created timestamptz not null default now(),
	constraint conference_days check (starts <= ends)
);
create unique index conference_default_once on conference (is_default) where is_default;

create table person (
	id uuid default gen_random_uuid() constraint person_key primary key,
	conference uuid not null constraint person_conference references conference on delete cascade,
	email text not null constraint person_email_form check (email = lower(email) and char_length(email) between 3 and 254),
	name text not null constraint person_name_size check (char_length(name) between 1 and 200),
	mode text not null default 'on_site' constraint person_mode check (mode in ('on_site', 'online')),
	created timestamptz not null default now(),
	constraint person_email_once unique (conference, email)
);

create table role_grant (
	conference uuid not null constraint role_grant_conference references conference on delete cascade,
	person uuid not null constraint role_grant_person references person on delete cascade,
	role text not null constraint role_grant_role
		check (role in ('attendee', 'speaker', 'moderator', 'desk', 'reviewer', 'organiser', 'juror')),
	constraint role_grant_once primary key (person, role)
);

create table registration (
	person uuid constraint registration_once primary key
		constraint registration_person references person on delete cascade,
	conference uuid not null constraint registration_conference references conference on delete cascade,
	state text not null default 'confirmed' constraint registration_state check (state in ('confirmed', 'cancelled')),
	created timestamptz not null default now()
);

-- The code itself is never stored: lookup is HMAC-SHA-256 of its 20 characters under a key in key_dir.
-- A newer generation supersedes the ones before it.
create table entry_code (
	conference uuid not null constraint entry_code_conference references conference on delete cascade,
	person uuid not null constraint entry_code_person references person on delete cascade,
	generation int not null,
	kind text not null default 'short' constraint entry_code_kind check (kind in ('short')),
	lookup bytea not null constraint entry_code_lookup_once unique,
	revoked timestamptz,
	created timestamptz not null default now(),
	constraint entry_code_once primary key (person, generation)
);

-- A kiosk or a stage screen, paired by a code that staff confirm (RFC 8628).
create table station (
	id uuid default gen_random_uuid() constraint station_key primary key,
	conference uuid not null constraint station_conference references conference on delete cascade,
	name text not null constraint station_name_size check (char_length(name) between 1 and 80),
	kind text not null constraint station_kind check (kind in ('kiosk', 'stage')),
	list uuid,
	room uuid,
	created timestamptz not null default now(),
	revoked timestamptz
);

-- One signed-in device or script. Tokens name it as `sid`; revoking the row ends them.
create table login (
	id uuid default gen_random_uuid() constraint login_key primary key,
	conference uuid not null constraint login_conference references conference on delete cascade,
	kind text not null constraint login_kind check (kind in ('session', 'device', 'script')),
	person uuid constraint login_person references person on delete cascade,
	station uuid constraint login_station references station on delete cascade,
	created timestamptz not null default now(),
	expires timestamptz not null,
	revoked timestamptz,
	constraint login_owner check ((person is null) <> (station is null))
);
create index login_by_person on login (person);
create index login_by_station on login (station);

-- One-use, 30 s, stored as SHA-256: what a page sends in session.open.
create table ticket (
	hash bytea constraint ticket_key primary key,
	login uuid not null constraint ticket_login references login on delete cascade,
	expires timestamptz not null
);

-- A sign-in under way: a six-digit mailed code, or a code the desk handed out. Codes are stored as HMAC.
create table sign_in (
	id uuid default gen_random_uuid() constraint sign_in_key primary key,
	conference uuid not null constraint sign_in_conference references conference on delete cascade,
	kind text not null constraint sign_in_kind check (kind in ('mail', 'desk')),
	-- Null when nobody has that address: the answer must look the same.
	person uuid constraint sign_in_person references person on delete cascade,
	email text,
	code_hash bytea,
	tries int not null default 0 constraint sign_in_tries check (tries <= 5),
	issued_by uuid constraint sign_in_issuer references person on delete set null,
	created timestamptz not null default now(),
	expires timestamptz not null,
	used timestamptz
);
create index sign_in_by_email on sign_in (conference, email, created);
create unique index sign_in_desk_once on sign_in (conference, code_hash) where kind = 'desk';

-- Failed tries of address + entry code, five an hour (security-reliability.md §5).
create table sign_in_try (
	conference uuid not null constraint sign_in_try_conference references conference on delete cascade,
	email text not null,
	at timestamptz not null default now(),
	ok boolean not null
);
create index sign_in_try_by_email on sign_in_try (conference, email, at);

create table pairing (
	id uuid default gen_random_uuid() constraint pairing_key primary key,
	conference uuid not null constraint pairing_conference references conference on delete cascade,
	kind text not null constraint pairing_kind check (kind in ('kiosk', 'stage')),
	device_hash bytea not null constraint pairing_device_once unique,
	user_code text not null,
	station uuid constraint pairing_station references station on delete cascade,
	created timestamptz not null default now(),
	expires timestamptz not null,
	polled timestamptz,
	fetched timestamptz
);
create unique index pairing_user_code_once on pairing (conference, user_code) where fetched is null;

-- Mail leaves outside transactions; `dedupe` makes one event one mail.
create table outbox (
	id uuid default gen_random_uuid() constraint outbox_key primary key,
	conference uuid not null constraint outbox_conference references conference on delete cascade,
	dedupe text not null constraint outbox_once unique,
	recipient text not null,
	subject text not null,
	body text not null,
	created timestamptz not null default now(),
	lease timestamptz,
	tries int not null default 0,
	sent timestamptz
);
create index outbox_waiting on outbox (created) where sent is null;

-- Who did what for whom where it matters later (codes handed out, devices paired, undo). Append-only for the application.
create table audit (
	id bigint generated always as identity constraint audit_key primary key,
	conference uuid not null,
	at timestamptz not null default now(),
	actor uuid,
	action text not null,
	subject text not null,
	detail jsonb not null default '{}'
);

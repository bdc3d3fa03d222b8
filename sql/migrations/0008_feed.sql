-- Calendar feeds of people, their secret addresses, and when each feed last changed.

create table feed (
	id uuid default gen_random_uuid() constraint feed_key primary key,
	conference uuid not null constraint feed_conference references conference on delete cascade,
	person uuid not null constraint feed_person references person on delete cascade,
	label text not null constraint feed_label_size check (char_length(label) between 1 and 80),
	scope text not null constraint feed_scope check (scope in ('stars', 'speaking', 'all', 'room', 'track', 'speaker')),
	-- The room, track or speaker of that scope.
	subject uuid,
	-- Minutes before a start; 0: none.
	alarm int not null default 0 constraint feed_alarm check (alarm between 0 and 10080),
	cancelled text not null default 'keep' constraint feed_cancelled check (cancelled in ('keep', 'drop')),
	time text not null default 'utc' constraint feed_time check (time in ('utc', 'venue')),
	place text not null default 'room' constraint feed_place check (place in ('room', 'link')),
	created timestamptz not null default now(),
	revoked timestamptz,
	-- The last time a client asked: by its family's name alone, and the release it was given.
	fetched timestamptz,
	fetched_agent text,
	fetched_version int,
	constraint feed_subject check ((scope in ('room', 'track', 'speaker')) = (subject is not null))
);
create index feed_by_person on feed (person);

-- What an address is made of is never stored, only its SHA-256. until: when a rotated one stops.
create table feed_token (
	hash bytea constraint feed_token_once primary key constraint feed_token_size check (octet_length(hash) = 32),
	feed uuid not null constraint feed_token_feed references feed on delete cascade,
	created timestamptz not null default now(),
	until timestamptz
);
create index feed_token_by_feed on feed_token (feed);

-- Of each calendar that was ever fetched: the state its bytes are made from, and since when, in whole seconds and never going back,
-- whatever left the calendar (Last-Modified).
create table feed_stamp (
	conference uuid not null constraint feed_stamp_conference references conference on delete cascade,
	name text not null,
	state text not null,
	modified timestamptz not null constraint feed_stamp_seconds check (modified = date_trunc('second', modified, 'UTC')),
	constraint feed_stamp_once primary key (conference, name)
);

-- A track's colour is part of what is released from now on: what is released already has today's.
update published p set content = jsonb_set(p.content, '{track,color}', coalesce(to_jsonb(t.color), 'null'))
from track t where t.id = (p.content -> 'track' ->> 'id')::uuid;
update slot_revision p set content = jsonb_set(p.content, '{track,color}', coalesce(to_jsonb(t.color), 'null'))
from track t where t.id = (p.content -> 'track' ->> 'id')::uuid;

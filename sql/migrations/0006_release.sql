-- What releases keep, what the draft says of time, and versions of what two organisers may edit at once.

alter table slot
	-- An anchor starts when it is planned, whatever ran late before it.
	add column anchor boolean not null default false,
	-- An elastic break may shrink to so many seconds when time runs out; null: it keeps its length.
	add column min_s int constraint slot_min_s check (min_s >= 0),
	add constraint slot_anchor_firm check (not (anchor and min_s is not null));
alter table published
	add column anchor boolean not null default false,
	add column min_s int;

-- Every slot as each release that touched it left it: never updated. cancelled null: taken out of the programme again.
create table slot_revision (
	conference uuid not null constraint slot_revision_conference references conference on delete cascade,
	slot uuid not null,
	release int not null,
	revision int not null,
	session uuid not null,
	room uuid not null,
	during tstzrange not null,
	cancelled boolean,
	anchor boolean not null,
	min_s int,
	overlap_ok boolean not null,
	content jsonb not null,
	at timestamptz not null,
	constraint slot_revision_once primary key (slot, release),
	constraint slot_revision_release foreign key (conference, release) references release on delete cascade
);
create index slot_revision_by_conference on slot_revision (conference, release);

-- A slot as a release leaves it, in the draft or in the past. cancelled null: not in the programme.
create type slot_target as (
	slot uuid, session uuid, room uuid, during tstzrange, cancelled boolean, overlap_ok boolean, version int, anchor boolean,
	min_s int, content jsonb
);

-- The rooms and tracks people know since that release, {"<id>": name} and {"<id>": {name, color}}: one that nothing is in any more stays.
-- reverts: the release this one took back.
alter table release
	add column rooms jsonb not null default '{}',
	add column tracks jsonb not null default '{}',
	add column reverts int;

-- A track's colour is released too from now on: what is released already has today's.
update published p set content = jsonb_set(p.content, '{track,color}', coalesce(to_jsonb(t.color), 'null'))
from track t where t.id = (p.content -> 'track' ->> 'id')::uuid;

-- What people saw before there were revisions counts as the newest release's.
insert into slot_revision (conference, slot, release, revision, session, room, during, cancelled, anchor, min_s, overlap_ok, content, at)
select p.conference, p.slot, r.number, p.revision, p.session, p.room, p.during, p.cancelled, p.anchor, p.min_s, p.overlap_ok, p.content,
	p.revised
from published p join (select conference, max(number) as number from release group by conference) r on r.conference = p.conference;
update release r set
	rooms = coalesce((select jsonb_object_agg(id, name) from room where conference = r.conference), '{}')
		|| coalesce((select jsonb_object_agg(room, content ->> 'room') from published where conference = r.conference), '{}'),
	tracks = coalesce((select jsonb_object_agg(id, jsonb_build_object('name', name, 'color', color)) from track
		where conference = r.conference), '{}');

alter table conference add column version int not null default 1;
alter table room
	add column version int not null default 1,
	add column online_capacity int constraint room_online_capacity check (online_capacity > 0);
alter table track add column version int not null default 1;
alter table speaker add column version int not null default 1;
alter table session add column version int not null default 1;

-- The board of a session's talks: how much time each has and had, who is there, who did not come and who stands in.

-- allotted: seconds, null: its share of the slot. added: beyond those, or taken from them. halted: since when an interposed question holds
-- up who speaks; halted_s: what such questions have taken before. stands_for: the talk whose place this one has.
alter table talk
	add column ready timestamptz,
	add column allotted int constraint talk_allotted check (allotted between 30 and 86400),
	add column added int not null default 0 constraint talk_added check (added between -86400 and 86400),
	add column halted timestamptz,
	add column halted_s int not null default 0 constraint talk_halted_s check (halted_s >= 0),
	add column no_show timestamptz,
	add column stands_for uuid constraint talk_stands_for references talk on delete set null,
	add constraint talk_stands_for_once unique (stands_for),
	add constraint talk_stands_for_itself check (stands_for <> id),
	add constraint talk_no_show check (no_show is null or started is null),
	add constraint talk_halted check (halted is null or started is not null and ended is null);

-- Somebody who speaks, or may be asked to, has a page open: its last word, whether the boards were told, and what it found in its own
-- check of camera, microphone and connection. Kept for nobody else.
create table speaker_here (
	person uuid constraint speaker_here_once primary key constraint speaker_here_person references person on delete cascade,
	conference uuid not null constraint speaker_here_conference references conference on delete cascade,
	seen timestamptz not null default now(),
	told boolean not null default true,
	camera text constraint speaker_here_camera check (camera in ('good', 'none', 'refused')),
	microphone text constraint speaker_here_microphone check (microphone in ('good', 'silent', 'none', 'refused')),
	delay_ms int constraint speaker_here_delay check (delay_ms between 0 and 60000),
	checked timestamptz
);

-- Who stands by for a session, and who speaks: looked for with each admission.
create index abstract_standby on abstract (conference, session, rank) where outcome = 'standby';

-- What is published already is looked at once.
insert into due (conference, kind, subject, at)
select distinct p.conference, 'board_alarm', p.session::text, now() from published p where not p.cancelled
on conflict on constraint due_once do nothing;

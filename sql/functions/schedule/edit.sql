-- The draft as organisers edit it: each thing as draft.get shows it, and the two answers that every edit shares.

create or replace function slot_draft(l slot) returns json
language sql stable as $$
	select json_build_object('id', l.id, 'session', l.session, 'room', l.room, 'start', iso(l.starts), 'end', iso(l.ends),
		'state', case when l.cancelled then 'cancelled' else 'planned' end, 'anchor', l.anchor, 'min_s', l.min_s,
		'overlap_ok', l.overlap_ok, 'version', l.version)
$$;

create or replace function session_draft(s session) returns json
language sql stable as $$
	select json_build_object('id', s.id, 'guid', s.guid, 'title', s.title, 'subtitle', s.subtitle, 'abstract', s.abstract,
		'description', s.description, 'language', s.language, 'kind', s.kind, 'track', s.track, 'version', s.version,
		'talks', (
			select coalesce(json_agg(json_build_object('id', t.id, 'title', t.title, 'speakers', (
				select coalesce(json_agg(ts.speaker order by ts.ord, ts.speaker), '[]')
				from talk_speaker ts where ts.talk = t.id)) order by t.ord), '[]')
			from talk t where t.session = s.id))
$$;

create or replace function room_draft(r room) returns json
language sql stable as $$
	select json_build_object('id', r.id, 'name', r.name, 'capacity', r.capacity, 'online_capacity', r.online_capacity,
		'ord', r.ord, 'version', r.version)
$$;

create or replace function track_draft(t track) returns json
language sql stable as $$
	select json_build_object('id', t.id, 'name', t.name, 'color', t.color, 'ord', t.ord, 'version', t.version)
$$;

create or replace function speaker_draft(p speaker) returns json
language sql stable as $$
	select json_build_object('id', p.id, 'name', p.name, 'biography', coalesce(p.extra ->> 'biography', ''),
		'person', p.person, 'version', p.version)
$$;

create or replace function conference_draft(k conference) returns json
language sql stable as $$
	select json_build_object('id', k.id, 'slug', k.slug, 'title', k.title, 'subtitle', k.subtitle, 'venue', k.venue,
		'zone', k.zone, 'starts', k.starts, 'ends', k.ends, 'version', k.version)
$$;

-- The result of draft.get and the snapshot of the channel `draft`.
create or replace function draft_document(in_conference uuid) returns json
language sql stable as $$
	select json_build_object('conference', conference_draft(k),
		'release', coalesce((select max(number) from release where conference = k.id), 0),
		'rooms', (select coalesce(json_agg(room_draft(r) order by r.ord, r.name), '[]') from room r where r.conference = k.id),
		'tracks', (select coalesce(json_agg(track_draft(t) order by t.ord, t.name), '[]') from track t where t.conference = k.id),
		'speakers', (select coalesce(json_agg(speaker_draft(p) order by p.name, p.id), '[]') from speaker p where p.conference = k.id),
		'sessions', (select coalesce(json_agg(session_draft(s) order by s.number), '[]') from session s where s.conference = k.id),
		'slots', (select coalesce(json_agg(slot_draft(l) order by l.starts, l.id), '[]') from slot l where l.conference = k.id))
	from conference k where k.id = in_conference
$$;

-- An event holds 16 KiB: of a row with very long texts it says only that there is something to fetch.
create or replace function draft_ev(in_type text, in_row json) returns ev
language sql immutable as $$
	select row('draft', in_type, case when octet_length(in_row::text) <= 16000 then in_row
		else json_build_object('id', in_row -> 'id', 'version', in_row -> 'version', 'refetch', true) end)::ev
$$;

-- A conflict says who it is with: whoever's write gave the row the version it has, as far as answers to writes are kept.
create or replace function draft_told(in_conference uuid, in_fault text, in_row json) returns json
language sql stable as $$
	select case when x.who is null then in_row else (in_row::jsonb || jsonb_build_object('changed_by', x.who))::json end
	from (
		select case when in_fault = 'conflict' then (
			select json_build_object('id', p.id, 'name', p.name) from reply r join person p on p.id = r.person
			where r.conference = in_conference and r.at > now() - interval '1 day'
				and r.body like '%"' || (in_row ->> 'id') || '"%' and r.body::json ->> 'version' = in_row ->> 'version'
			order by r.at desc limit 1) end as who
	) x
$$;

-- Whether a save may go on: expect is null for what must be new. Null: it may; not_found has no row to show.
create or replace function save_refusal(in_expect int, in_version int) returns text
language sql immutable as $$
	select case when in_version is null and in_expect is not null then 'not_found'
		when in_version is distinct from in_expect then 'conflict' end
$$;

create or replace function name_slug(in_name text) returns text
language sql stable as $$
	select coalesce(nullif(trim(both '-' from left(regexp_replace(people_fold(in_name), '[^a-z0-9]+', '-', 'g'), 60)), ''), 'x')
$$;

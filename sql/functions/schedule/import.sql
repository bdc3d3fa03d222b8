-- A schedule from a file, as services/schedule reads it: matched by guid, so that a newer file updates and nothing is wiped.

create or replace function import_conference(in_doc jsonb, in_slug text, in_zone text) returns uuid
language sql as $$
	insert into conference (slug, title, subtitle, venue, zone, starts, ends, is_default, info)
	select in_slug, c ->> 'title', coalesce(c ->> 'subtitle', ''), coalesce(c ->> 'venue', ''), in_zone,
		(c ->> 'starts')::date, (c ->> 'ends')::date,
		coalesce((c ->> 'is_default')::boolean, false) and not exists (select from conference where is_default),
		coalesce(c -> 'info', '{}') || jsonb_build_object('frab', coalesce(c -> 'frab', '{}'))
	from (select in_doc -> 'conference') x(c)
	returning id
$$;

create or replace function import_update_conference(in_conference uuid, in_doc jsonb, in_zone text) returns void
language sql as $$
	update conference k set title = c ->> 'title', zone = in_zone, starts = (c ->> 'starts')::date,
		ends = (c ->> 'ends')::date, subtitle = coalesce(c ->> 'subtitle', k.subtitle),
		venue = coalesce(c ->> 'venue', k.venue),
		info = k.info || coalesce(c -> 'info', '{}') || jsonb_build_object('frab', coalesce(c -> 'frab', '{}'))
	from (select in_doc -> 'conference') x(c)
	where k.id = in_conference
$$;

-- A sparse file (a spreadsheet) knows places by name alone: what is there stays as it is.
create or replace function import_places_sparse(in_conference uuid, in_doc jsonb) returns void
language sql as $$
	insert into room (conference, guid, name, ord)
	select in_conference, n ->> 'guid', n ->> 'name', i + (select coalesce(max(ord), 0) from room where conference = in_conference)
	from jsonb_array_elements(in_doc -> 'rooms') with ordinality as u(n, i)
	where not exists (select from room where conference = in_conference and name = n ->> 'name');
	insert into track (conference, name, slug, ord)
	select in_conference, n ->> 'name', n ->> 'slug', i + (select coalesce(max(ord), 0) from track where conference = in_conference)
	from jsonb_array_elements(in_doc -> 'tracks') with ordinality as u(n, i)
	on conflict on constraint track_name_once do nothing;
	insert into speaker as p (conference, guid, name)
	select in_conference, n ->> 'guid', n ->> 'name' from jsonb_array_elements(in_doc -> 'speakers') n
	on conflict on constraint speaker_guid_once do update set name = excluded.name where p.name <> excluded.name
$$;

-- Rooms and tracks: by guid, else by name. Those the file does not have stay: other sessions may use them.
create or replace function import_places(in_conference uuid, in_doc jsonb) returns void
language plpgsql as $$
begin
	update room r set guid = n ->> 'guid'
	from jsonb_array_elements(in_doc -> 'rooms') n
	where r.conference = in_conference and r.name = n ->> 'name' and r.guid <> n ->> 'guid'
		and not exists (select from room o where o.conference = in_conference and o.guid = n ->> 'guid');
	insert into room as r (conference, guid, name, capacity, ord, extra)
	select in_conference, n ->> 'guid', n ->> 'name', (n ->> 'capacity')::int, i, coalesce(n -> 'extra', '{}')
	from jsonb_array_elements(in_doc -> 'rooms') with ordinality as u(n, i)
	on conflict on constraint room_guid_once do update set name = excluded.name,
		capacity = coalesce(excluded.capacity, r.capacity), ord = excluded.ord, extra = excluded.extra
	where (r.name, r.ord, r.extra) is distinct from (excluded.name, excluded.ord, excluded.extra)
		or r.capacity <> excluded.capacity or r.capacity is null and excluded.capacity is not null;

	insert into track as t (conference, name, color, slug, ord)
	select in_conference, n ->> 'name', n ->> 'color', n ->> 'slug', i
	from jsonb_array_elements(in_doc -> 'tracks') with ordinality as u(n, i)
	on conflict on constraint track_name_once do update set color = coalesce(excluded.color, t.color),
		slug = excluded.slug, ord = excluded.ord
	where (t.slug, t.ord) is distinct from (excluded.slug, excluded.ord) or excluded.color is distinct from t.color;

	insert into speaker as p (conference, guid, name, extra)
	select in_conference, n ->> 'guid', n ->> 'name', coalesce(n -> 'extra', '{}')
	from jsonb_array_elements(in_doc -> 'speakers') n
	on conflict on constraint speaker_guid_once do update set name = excluded.name, extra = excluded.extra
	where (p.name, p.extra) is distinct from (excluded.name, excluded.extra);
end $$;

drop function if exists import_sessions(uuid, jsonb);
create or replace function import_sessions(in_conference uuid, in_events jsonb, in_sparse boolean, out added int, out updated int)
language plpgsql as $$
declare
	highest int;
begin
	-- A number another session holds is moved out of the way first: the file may have swapped two.
	update session s set number = -s.number
	from jsonb_to_recordset(in_events) as n(guid uuid, number int)
	where s.conference = in_conference and s.number > 0 and n.number = s.number and n.guid <> s.guid;
	select greatest(0, max(x.number)) into highest from (
		select max(abs(s.number)) as number from session s where s.conference = in_conference
		union all select max(n.number) from jsonb_to_recordset(in_events) as n(number int)) x;

	with n as materialized (
		-- What a sparse file has no column for is null here, and stays.
		select x.ord, x.guid, x.number, s.number as held,
			coalesce(case when in_sparse then nullif(s.slug, '') end, x.slug) as slug, x.title,
			coalesce(x.subtitle, s.subtitle, '') as subtitle, coalesce(x.abstract, s.abstract, '') as abstract,
			coalesce(x.description, s.description, '') as description, coalesce(x.language, s.language, '') as language,
			coalesce(x.kind, s.kind, '') as kind, case when x.track is null then s.track else t.id end as track,
			nullif(coalesce(x.url, s.url, ''), '') as url, coalesce(x.extra, s.extra, '{}') as extra,
			row_number() over (partition by x.number is null and s.id is null order by x.ord) as fresh
		from jsonb_to_recordset(in_events) as x(ord int, guid uuid, number int, slug text, title text, subtitle text,
				abstract text, description text, language text, kind text, track text, url text, extra jsonb)
			left join session s on s.conference = in_conference and s.guid = x.guid
			left join track t on t.conference = in_conference and t.name = x.track
	), put as (
		insert into session as s (conference, guid, number, slug, title, subtitle, abstract, description, language,
			kind, track, url, extra)
		select in_conference, n.guid, coalesce(n.number, n.held, highest + n.fresh), n.slug, n.title, n.subtitle,
			n.abstract, n.description, n.language, n.kind, n.track, n.url, n.extra
		from n order by n.ord
		on conflict on constraint session_guid_once do update set number = excluded.number, slug = excluded.slug,
			title = excluded.title, subtitle = excluded.subtitle, abstract = excluded.abstract,
			description = excluded.description, language = excluded.language, kind = excluded.kind,
			track = excluded.track, url = excluded.url, extra = excluded.extra
		where (s.number, s.slug, s.title, s.subtitle, s.abstract, s.description, s.language, s.kind, s.track, s.url,
				s.extra)
			is distinct from (excluded.number, excluded.slug, excluded.title, excluded.subtitle, excluded.abstract,
				excluded.description, excluded.language, excluded.kind, excluded.track, excluded.url, excluded.extra)
		returning s.xmax = 0 as fresh
	)
	select count(*) filter (where put.fresh), count(*) filter (where not put.fresh) into added, updated from put;

	update session s set number = highest + 100000 + x.n
	from (select o.id, row_number() over (order by o.number desc) as n
		from session o where o.conference = in_conference and o.number < 0) x
	where s.id = x.id;
end $$;

-- The talks the file asks for. Plain frab knows one talk an event; sessions that have more keep them then.
create or replace function import_talk_rows(in_conference uuid, in_events jsonb)
returns table (session uuid, ord int, title text, speakers jsonb, explicit boolean)
language sql stable as $$
	select s.id, u.i::int, u.t ->> 'title', nullif(u.t -> 'speakers', 'null'), e.talks is not null
	from jsonb_to_recordset(in_events) as e(guid uuid, title text, speakers jsonb, talks jsonb)
		join session s on s.conference = in_conference and s.guid = e.guid
		cross join lateral jsonb_array_elements(coalesce(e.talks, jsonb_build_array(
			jsonb_build_object('title', e.title, 'speakers', e.speakers)))) with ordinality as u(t, i)
	where e.talks is not null or (select count(*) from talk t where t.session = s.id) <= 1
$$;

-- A talk keeps its id, because questions hang on it; one with questions or already begun is not removed.
create or replace function import_talks(in_conference uuid, in_events jsonb) returns void
language plpgsql as $$
begin
	update talk t set title = w.title from import_talk_rows(in_conference, in_events) w
	where t.session = w.session and t.ord = w.ord and t.title <> w.title;
	insert into talk (conference, session, ord, title)
	select in_conference, w.session, w.ord, w.title from import_talk_rows(in_conference, in_events) w
	where not exists (select from talk t where t.session = w.session and t.ord = w.ord);
	delete from talk t
	using (select w.session, max(w.ord) as last from import_talk_rows(in_conference, in_events) w
		where w.explicit group by w.session) x
	where t.session = x.session and t.ord > x.last and t.started is null
		and not exists (select from question q where q.talk = t.id);

	delete from talk_speaker ts
	using talk t, import_talk_rows(in_conference, in_events) w, speaker p
	where t.session = w.session and t.ord = w.ord and ts.talk = t.id and p.id = ts.speaker
		and not w.speakers ? p.guid;
	insert into talk_speaker as ts (talk, speaker, ord)
	select t.id, p.id, min(g.i)
	from import_talk_rows(in_conference, in_events) w
		join talk t on t.session = w.session and t.ord = w.ord
		cross join jsonb_array_elements_text(w.speakers) with ordinality as g(guid, i)
		join speaker p on p.conference = in_conference and p.guid = g.guid
	group by t.id, p.id
	on conflict on constraint talk_speaker_once do update set ord = excluded.ord where ts.ord <> excluded.ord;
end $$;

-- Slots by the id a file of ours gives them; the others of a session in the order of both. A session held more than once keeps the
-- slots a file does not speak of, unless the file calls its slots by id.
-- A published file's rooms and tracks are the programme's, also those that nothing is in.
create or replace function import_released(in_conference uuid, in_release int, in_doc jsonb) returns void
language sql as $$
	update release r set
		rooms = r.rooms || coalesce((select jsonb_object_agg(o.id, o.name) from room o
			where o.conference = in_conference and in_doc -> 'rooms' @> jsonb_build_array(jsonb_build_object('name', o.name))), '{}'),
		tracks = r.tracks || coalesce((select jsonb_object_agg(t.id, jsonb_build_object('name', t.name, 'color', t.color)) from track t
			where t.conference = in_conference and in_doc -> 'tracks' @> jsonb_build_array(jsonb_build_object('name', t.name))), '{}')
	where r.conference = in_conference and r.number = in_release
$$;

-- Speakers whom the file has in two places at once: the later one of a pair may stay there, and both are named.
create or replace function import_clashes(in_conference uuid, in_doc jsonb) returns jsonb
language sql stable as $$
	with e as materialized (
		select i, x, x ->> 'title' as title, s.id as session, s.guid, (x ->> 'start')::timestamptz as start, (x ->> 'end')::timestamptz as "end"
		from jsonb_array_elements(in_doc -> 'events') with ordinality as u(x, i)
			join session s on s.conference = in_conference and s.guid = coalesce(x ->> 'of', x ->> 'guid')::uuid
	), speaking as materialized (
		select distinct e.i, e.title, e.session, e.guid, e.start, e.end, p.id as speaker, p.name
		from e join talk t on t.session = e.session join talk_speaker ts on ts.talk = t.id join speaker p on p.id = ts.speaker
	), pairs as (
		select b.i, b.title, a.name, a.title as other
		from speaking a join speaking b on b.speaker = a.speaker and b.session <> a.session and (b.start, b.guid) > (a.start, a.guid)
			and b.start < a.end
	)
	select case when not exists (select from pairs) then in_doc else in_doc || jsonb_build_object(
		'events', (select jsonb_agg(case when x.i in (select i from pairs) then x.x || '{"overlap_ok":true}' else x.x end order by x.i)
			from jsonb_array_elements(in_doc -> 'events') with ordinality as x(x, i)),
		'report', coalesce(in_doc -> 'report', '[]') || (select jsonb_agg(jsonb_build_object('row', title, 'action', 'noted',
			'why', format('%s speaks in %s at the same time: both are kept', name, other)) order by i, name, other) from pairs)) end
$$;

create or replace function import_slots(in_conference uuid, in_doc jsonb, out added int, out moved int, out cancelled int)
language plpgsql as $$
#variable_conflict use_column
declare
	seen uuid[];
	held uuid[];
	numbered uuid[];
begin
	with e as materialized (
		select s.id as session, r.id as room, x.start, x.end, x.overlap_ok, x.anchor, x.min_s, x.slot as named, x.ord, l.id as known
		from jsonb_to_recordset(in_doc -> 'events') as x(ord int, guid uuid, of uuid, slot uuid, room text, start timestamptz,
				"end" timestamptz, overlap_ok boolean, anchor boolean, min_s int)
			join session s on s.conference = in_conference and s.guid = coalesce(x.of, x.guid)
			join room r on r.conference = in_conference and r.name = x.room
			left join slot l on l.id = x.slot and l.session = s.id
	), others as (
		select l.id, l.session, row_number() over (partition by l.session order by l.cancelled, l.starts, l.id) as n
		from slot l
		where l.conference = in_conference and not exists (select from e where e.known = l.id)
	), n as materialized (
		select e.session, e.room, e.start, e.end, coalesce(e.overlap_ok, false) as overlap_ok, e.anchor, e.min_s,
			coalesce(e.known, o.id) as slot,
			case when e.named is not null and not exists (select from slot x where x.id = e.named) then e.named
				else gen_random_uuid() end as fresh_id
		from (select e.*, row_number() over (partition by e.session, e.known is null order by e.ord) as n from e) e
			left join others o on e.known is null and o.session = e.session and o.n = e.n
	), fresh as (
		insert into slot (id, conference, session, room, starts, ends, overlap_ok, anchor, min_s)
		select n.fresh_id, in_conference, n.session, n.room, n.start, n.end, n.overlap_ok, coalesce(n.anchor, false), n.min_s
		from n where n.slot is null
		returning id
	), changed as (
		-- A file that says nothing of anchors and breaks leaves them.
		update slot l set room = n.room, starts = n.start, ends = n.end, overlap_ok = n.overlap_ok, cancelled = false,
			anchor = coalesce(n.anchor, n.min_s is null and l.anchor),
			min_s = case when n.anchor then null else coalesce(n.min_s, l.min_s) end, version = l.version + 1
		from n
		where l.id = n.slot and (l.room, l.starts, l.ends, l.overlap_ok, l.cancelled, l.anchor, coalesce(l.min_s, -1))
			is distinct from (n.room, n.start, n.end, n.overlap_ok, false, coalesce(n.anchor, n.min_s is null and l.anchor),
				case when n.anchor then -1 else coalesce(n.min_s, l.min_s, -1) end)
		returning l.id
	)
	select (select count(*) from fresh), (select count(*) from changed), (select array_agg(coalesce(n.slot, n.fresh_id)) from n),
		(select array_agg(distinct e.session) from e where e.named is not null)
	into added, moved, held, numbered;

	-- What the newer file no longer has is cancelled; rows it has but we refused stay as we hold them.
	select array_agg(guid) into seen from (
		select coalesce(e.of, e.guid) as guid from jsonb_to_recordset(in_doc -> 'events') as e(guid uuid, of uuid)
		union all select k::uuid from jsonb_array_elements_text(coalesce(in_doc -> 'kept', '[]')) k) x;
	with gone as (
		update slot l set cancelled = true, version = l.version + 1
		from session s
		where l.conference = in_conference and s.id = l.session and not l.cancelled and l.id <> all (seen)
			and (s.guid <> all (seen) or s.id = any (numbered) and l.id <> all (held))
		returning l.id
	)
	select count(*) into cancelled from gone;
end $$;

-- One transaction: all of it or none. A new conference is published at once; in one that exists the file becomes the draft.
create or replace function schedule_import(in_conference uuid, in_actor uuid, in_slug text, in_doc jsonb,
	in_publish boolean, in_partial boolean, in_dry_run boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	target uuid;
	zone_name text := coalesce(in_doc #>> '{conference,zone}', 'UTC');
	fresh boolean;
	sessions record;
	slots record;
	made record;
	counts json;
	evs ev[];
	sparse boolean := coalesce((in_doc -> 'sparse')::boolean, false);
	own jsonb;
begin
	begin
		perform now() at time zone zone_name;
	exception when invalid_parameter_value then
		return query select null::text, 'import.zone', json_build_object('zone', zone_name);
		return;
	end;
	select k.id, coalesce(case when (in_doc #>> '{conference,zone_known}')::boolean then zone_name end, k.zone)
	into target, zone_name
	from conference k where case when in_slug is null then k.id = in_conference else k.slug = in_slug end;
	fresh := target is null;
	if fresh and (in_slug is null or sparse) then
		return;
	end if;
	if sparse then
		in_doc := import_sparse(target, in_doc, coalesce(in_doc #>> '{conference,zone}', zone_name));
	end if;
	if not in_partial and jsonb_path_exists(in_doc, '$.report[*] ? (@.action == "refused")') then
		return query select null::text, 'import.refused', (in_doc -> 'report')::json;
		return;
	end if;
	in_doc := import_occurrences(target, in_doc);
	select coalesce(jsonb_agg(x), '[]') into own from jsonb_array_elements(in_doc -> 'events') x where not x ? 'of';

	begin
		if fresh then
			zone_name := coalesce(in_doc #>> '{conference,zone}', 'UTC');
			target := import_conference(in_doc, in_slug, zone_name);
		elsif in_publish and not sparse then
			perform import_update_conference(target, in_doc, zone_name);
		end if;
		perform from conference where id = target for no key update;
		if sparse then
			perform import_places_sparse(target, in_doc);
		else
			perform import_places(target, in_doc);
		end if;
		select * into sessions from import_sessions(target, own, sparse);
		perform import_talks(target, own);
		in_doc := import_clashes(target, in_doc);
		select * into slots from import_slots(target, in_doc);
		if fresh or in_publish then
			select * into made from release_apply(target, in_actor, 'Imported');
			perform import_released(target, made.number, in_doc);
			if made.fault <> 'release.nothing' then
				raise exception using errcode = 'PL001';
			end if;
		else
			select null::int as number, null::int as changes, null::ev[] as evs, null::text as fault, null::json as current
			into made;
		end if;
		counts := json_build_object('sessions_added', sessions.added, 'sessions_updated', sessions.updated,
			'slots_added', slots.added, 'slots_moved', slots.moved, 'slots_cancelled', slots.cancelled,
			'rooms', jsonb_array_length(in_doc -> 'rooms'), 'tracks', jsonb_array_length(in_doc -> 'tracks'),
			'speakers', jsonb_array_length(in_doc -> 'speakers'), 'events', jsonb_array_length(in_doc -> 'events'));
		-- One event for the whole file; clients fetch again.
		evs := array[row('draft', 'draft.imported', counts)::ev]
			|| coalesce((select array_agg(x) from unnest(made.evs) x
				where x.channel <> 'schedule' or x.type !~ '^slot'), '{}');
		reply := json_build_object('conference', target, 'slug', (select slug from conference where id = target),
			'created', fresh, 'release', made.number, 'changes', made.changes, 'counts', counts,
			'report', coalesce(in_doc -> 'report', '[]'), 'dry_run', in_dry_run)::text;
		if in_dry_run then
			raise exception using errcode = 'PL001';
		end if;
		reply := write_done(target, in_actor, null, null, reply::json, evs);
	exception when sqlstate 'PL001' then
		null;
	end;
	if made.fault <> 'release.nothing' then
		return query select null::text, made.fault, made.current;
		return;
	end if;
	return query select reply, null::text, null::json;
end $$;

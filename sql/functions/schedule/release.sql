-- A release: the draft, a part of it, or an earlier state becomes what people see, in one transaction.

-- The draft's slots that a release is about: all, or those named.
create or replace function release_targets(in_conference uuid, in_slots uuid[]) returns slot_target[]
language sql stable as $$
	select coalesce(array_agg(row(d.*)::slot_target), '{}') from draft_content(in_conference) d
	where in_slots is null or d.slot = any (in_slots)
$$;

-- What a release takes out of the programme. Before anything comes to where it was.
create or replace function release_leave(in_conference uuid, in_number int, targets slot_target[], instant timestamptz) returns void
language sql as $$
	with gone as (
		delete from published p using unnest(targets) t
		where p.conference = in_conference and p.slot = t.slot and t.cancelled is null
		returning p.*
	)
	insert into slot_revision (conference, slot, release, revision, session, room, during, cancelled, anchor, min_s, overlap_ok,
		content, at)
	select in_conference, g.slot, in_number, g.revision + 1, g.session, g.room, g.during, null, g.anchor, g.min_s, g.overlap_ok,
		g.content, greatest(instant, g.revised + interval '1 second')
	from gone g
$$;

-- Each slot goes to its new place with the overlap rule off, then the rule comes on again: two slots may have changed places, and an
-- exclusion constraint is checked row by row.
create or replace function release_write(in_conference uuid, targets slot_target[], slots uuid[], instant timestamptz) returns void
language plpgsql as $$
begin
	insert into published as p (slot, conference, session, room, during, cancelled, overlap_ok, version, anchor, min_s, content, created,
		revision, revised)
	select t.slot, in_conference, t.session, t.room, t.during, t.cancelled, true, t.version, t.anchor, t.min_s, t.content,
		coalesce(v.created, instant), coalesce(v.revision + 1, 0), greatest(instant, v.revised + interval '1 second')
	from unnest(targets) t
		-- One that was in the programme before goes on counting.
		left join lateral (select min(x.at) as created, max(x.revision) as revision, max(x.at) as revised
			from slot_revision x where x.slot = t.slot) v on true
	where t.slot = any (slots) and t.cancelled is not null
	on conflict on constraint published_once do update set
		session = excluded.session, room = excluded.room, during = excluded.during, cancelled = excluded.cancelled,
		overlap_ok = true, version = excluded.version, anchor = excluded.anchor, min_s = excluded.min_s, content = excluded.content,
		revision = p.revision + 1, revised = greatest(instant, p.revised + interval '1 second');
	update published p set overlap_ok = true, version = t.version
	from unnest(targets) t
	where p.conference = in_conference and t.slot = p.slot and t.cancelled is not null and (t.overlap_ok or p.slot = any (slots))
		and (p.overlap_ok, p.version) is distinct from (true, t.version);
	update published p set overlap_ok = t.overlap_ok, version = t.version
	from unnest(targets) t
	where p.conference = in_conference and t.slot = p.slot and t.cancelled is not null
		and (p.overlap_ok, p.version) is distinct from (t.overlap_ok, t.version);
end $$;

create or replace function release_remember(in_conference uuid, in_number int, targets slot_target[], slots uuid[], instant timestamptz)
returns void
language plpgsql as $$
begin
	insert into slot_revision (conference, slot, release, revision, session, room, during, cancelled, anchor, min_s, overlap_ok,
		content, at)
	select in_conference, p.slot, in_number, p.revision, p.session, p.room, p.during, p.cancelled, p.anchor, p.min_s, p.overlap_ok,
		p.content, p.revised
	from published p where p.slot = any (slots) and p.slot not in (select t.slot from unnest(targets) t where t.cancelled is null);
end $$;

-- The events of a release. Beyond 50 slots a client fetches the whole schedule anyway.
create or replace function release_events(in_diff jsonb, in_number int, in_note text, instant timestamptz) returns ev[]
language sql stable as $$
	select coalesce((select array_agg(row('schedule', 'slot.' || (x ->> 'change'), case when p.slot is null
				then json_build_object('id', x ->> 'slot')
				else slot_shown(p.slot) end)::ev order by i)
			from jsonb_array_elements(in_diff) with ordinality as u(x, i)
				left join published p on p.slot = (x ->> 'slot')::uuid
			where i <= 50), '{}')
		|| row('schedule', 'release.published', json_build_object('release', in_number, 'at', iso(instant), 'note', in_note,
			'changes', jsonb_array_length(in_diff)))::ev
$$;

-- Makes the targets what people see and says what to tell: number is null with a fault. news_release() schedules who hears of it, unless
-- quiet; in_reverts is the release that this one takes back.
create or replace function release_put(in_conference uuid, in_actor uuid, in_note text, in_quiet boolean, targets slot_target[],
	in_reverts int, out number int, out changes int, out people int, out evs ev[], out fault text, out current json)
language plpgsql as $$
#variable_conflict use_column
declare
	instant timestamptz := date_trunc('second', plenum_now(in_conference));
	told jsonb := slot_diff(in_conference, targets);
	slots uuid[] := diff_slots(told);
	places uuid[] := array(select distinct r from (
		select p.room as r from published p where p.slot = any (slots)
		union select t.room from unnest(targets) t where t.slot = any (slots)) x where r is not null order by r);
	place uuid;
begin
	-- Before any of their slots, as who runs a room does: the other way round the two would wait for each other.
	perform from room r where r.id = any (places) order by r.id for no key update;
	changes := cardinality(slots);
	if changes = 0 then
		fault := 'release.nothing';
		return;
	end if;
	current := release_overlaps(in_conference, targets, slots) -> 0;
	fault := case when current is not null then 'slot.overlap' end;
	if fault is null then
		current := release_clashes(in_conference, targets, slots) -> 0;
		fault := case when current is not null then 'slot.speaker_busy' end;
	end if;
	if fault is not null then
		return;
	end if;

	insert into release (conference, number, at, note, by_person, diff, rooms, tracks, reverts)
	select in_conference, coalesce(max(r.number), 0) + 1, instant, coalesce(in_note, ''), in_actor, told,
		coalesce((array_agg(r.rooms order by r.number desc))[1], '{}')
			|| coalesce((select jsonb_object_agg(t.room, t.content ->> 'room') from unnest(targets) t
				where t.slot = any (slots) and t.room is not null), '{}'),
		coalesce((array_agg(r.tracks order by r.number desc))[1], '{}')
			|| coalesce((select jsonb_object_agg(t.content -> 'track' ->> 'id', (t.content -> 'track') - 'id') from unnest(targets) t
				where t.slot = any (slots) and t.content -> 'track' <> 'null'), '{}'),
		in_reverts
	from release r where r.conference = in_conference
	returning release.number into number;
	perform release_leave(in_conference, number, targets, instant);
	perform release_write(in_conference, targets, slots, instant);
	perform release_remember(in_conference, number, targets, slots, instant);

	people := case when in_quiet then 0 else news_release(in_conference, number) end;
	foreach place in array places loop
		evs := evs || expect_room(in_conference, place);
	end loop;
	evs := now_told(in_conference, release_events(told, number, coalesce(in_note, ''), instant) || evs);
end $$;

-- The draft, or the slots of it that are named, for other functions too.
drop function if exists release_apply(uuid, uuid, text);
create or replace function release_apply(in_conference uuid, in_actor uuid, in_note text, in_slots uuid[] default null,
	in_quiet boolean default false,
	out number int, out changes int, out people int, out evs ev[], out fault text, out current json)
language plpgsql as $$
#variable_conflict use_column
begin
	-- One release at a time: two would both take the next number and mix their slots.
	perform from conference where id = in_conference for no key update;
	select * into number, changes, people, evs, fault, current
	from release_put(in_conference, in_actor, in_note, in_quiet, release_targets(in_conference, in_slots), null);
end $$;

create or replace function release_reply(in_number int, in_changes int, in_people int) returns json
language sql stable as $$
	select json_build_object('release', in_number, 'changes', in_changes, 'hold', case when in_people > 0
		then json_build_object('until', iso(now() + interval '60 seconds'), 'people', in_people) end)
$$;

drop function if exists release_publish(uuid, uuid, uuid, bytea, text);
create or replace function release_publish(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_note text,
	in_slots uuid[], in_quiet boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	made record;
begin
	if exists (select from unnest(in_slots) s where not exists (
		select from slot l where l.id = s and l.conference = in_conference))
	then
		return;
	end if;
	select * into made from release_apply(in_conference, in_actor, in_note, in_slots, coalesce(in_quiet, false)) a;
	if made.fault is not null then
		return query select null::text, made.fault, made.current;
		return;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		release_reply(made.number, made.changes, made.people), made.evs), null::text, null::json;
end $$;

-- What people saw of a release's slots before it. cancelled null: it was not in the programme. Null: a later release has changed one of
-- them again, or what it was is not known any more.
create or replace function release_before(in_conference uuid, in_release int) returns slot_target[]
language sql stable as $$
	with touched as (
		select (x ->> 'slot')::uuid as slot, x -> 'before' as before
		from release r, jsonb_array_elements(r.diff) x where r.conference = in_conference and r.number = in_release
	), past as (
		select d.slot, d.before, v.*, l.version as held
		from touched d
			left join slot l on l.id = d.slot
			left join lateral (select v.session, v.room, v.during, v.cancelled, v.overlap_ok, v.anchor, v.min_s, v.content,
					v.release as known
				from slot_revision v where v.slot = d.slot and v.release < in_release order by v.release desc limit 1) v on true
	)
	select case when bool_and(p.held is not null and (p.known is not null or p.before = 'null') and not exists (
			select from slot_revision n where n.slot = p.slot and n.release > in_release))
		then array_agg(row(p.slot, p.session, p.room, p.during, p.cancelled, p.overlap_ok, p.held, p.anchor, p.min_s,
			p.content)::slot_target) end
	from past p
$$;

create or replace function release_revert(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_release int, in_note text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	back int;
	targets slot_target[];
	made record;
begin
	perform from conference k where k.id = in_conference for no key update;
	select max(r.number) into back from release r
	where r.conference = in_conference and r.number = coalesce(in_release, r.number);
	if back is null then
		return;
	end if;
	targets := release_before(in_conference, back);
	if targets is null then
		return query select null::text, 'release.superseded', json_build_object('release',
			(select max(r.number) from release r where r.conference = in_conference));
		return;
	end if;
	select * into made from release_put(in_conference, in_actor, in_note, false, targets, back) p;
	if made.fault is not null then
		return query select null::text, made.fault, made.current;
		return;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		release_reply(made.number, made.changes, made.people), made.evs), null::text, null::json;
end $$;

-- Consequences that have not left yet never do.
create or replace function release_stop(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_release int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	spared int;
begin
	if not exists (select from release r where r.conference = in_conference and r.number = in_release) then
		return;
	end if;
	spared := news_release_stop(in_conference, in_release);
	if spared is null then
		return query select null::text, 'release.sent', null::json;
		return;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('release', in_release, 'people', spared),
		array[row('draft', 'release.stopped', json_build_object('release', in_release))::ev]), null::text, null::json;
end $$;

create or replace function release_preview(in_conference uuid, in_slots uuid[]) returns json
language plpgsql stable as $$
declare
	targets slot_target[] := release_targets(in_conference, in_slots);
	told jsonb := slot_diff(in_conference, targets);
begin
	return json_build_object('changes', told,
		'overlaps', release_overlaps(in_conference, targets, diff_slots(told)),
		'clashes', release_clashes(in_conference, targets, diff_slots(told)),
		'people', news_release_people(in_conference, told));
end $$;

-- The rooms and tracks of a release, or of the newest: their names as they were released, what else is known of them as it is.
create or replace function release_rooms(in_conference uuid, in_release int default null)
returns table (room uuid, name text, ord int, capacity int, online_capacity int)
language sql stable as $$
	select x.key::uuid, x.value, r.ord, r.capacity, r.online_capacity
	from (select rooms from release where conference = in_conference and number <= coalesce(in_release, number)
			order by number desc limit 1) n
		cross join lateral jsonb_each_text(n.rooms) x
		left join room r on r.id = x.key::uuid and r.conference = in_conference
$$;

-- What people call a room; before its first release there is only the draft's name.
create or replace function release_room_name(in_conference uuid, in_room uuid) returns text
language sql stable as $$
	select coalesce((select n.rooms ->> in_room::text from release n where n.conference = in_conference order by n.number desc limit 1),
		(select r.name from room r where r.id = in_room and r.conference = in_conference))
$$;

create or replace function release_tracks(in_conference uuid, in_release int default null)
returns table (track uuid, name text, color text, ord int, slug text)
language sql stable as $$
	select x.key::uuid, x.value ->> 'name', x.value ->> 'color', t.ord, t.slug
	from (select tracks from release where conference = in_conference and number <= coalesce(in_release, number)
			order by number desc limit 1) n
		cross join lateral jsonb_each(n.tracks) x
		left join track t on t.id = x.key::uuid and t.conference = in_conference
$$;

-- A release: the draft becomes what people see, in one transaction.

-- Does the work and says what to tell. Nothing to do: number is null. Two slots in one room at one time: slot_room_free.
create or replace function release_apply(in_conference uuid, in_actor uuid, in_note text,
	out number int, out changes int, out evs ev[])
language plpgsql as $$
#variable_conflict use_column
declare
	instant timestamptz := date_trunc('second', plenum_now(in_conference));
	all_changes jsonb;
	slots uuid[];
	kinds text[];
	slot_evs ev[];
	new_number int;
begin
	-- One release at a time: two would both take the next number and mix their slots.
	perform from conference where id = in_conference for no key update;

	select jsonb_agg(jsonb_build_object('slot', slot, 'change', change, 'before', before, 'after', after)
			order by after ->> 'start', after ->> 'room_name', slot),
		array_agg(slot order by after ->> 'start', after ->> 'room_name', slot),
		array_agg(change order by after ->> 'start', after ->> 'room_name', slot), count(*)
	into all_changes, slots, kinds, changes from draft_changes(in_conference);
	if changes = 0 then
		return;
	end if;

	-- First every slot goes to its new place with the overlap rule off, then the rule comes on again: two slots may have changed
	-- places, and an exclusion constraint is checked row by row.
	insert into published as p (slot, conference, session, room, during, cancelled, overlap_ok, version, content,
		created, revised)
	select d.slot, in_conference, d.session, d.room, d.during, d.cancelled, true, d.version, d.content, instant, instant
	from draft_content(in_conference) d where d.slot = any (slots)
	on conflict on constraint published_once do update set
		session = excluded.session, room = excluded.room, during = excluded.during, cancelled = excluded.cancelled,
		overlap_ok = true, version = excluded.version, content = excluded.content,
		revision = p.revision + 1, revised = greatest(excluded.revised, p.revised + interval '1 second');
	update published p set overlap_ok = l.overlap_ok, version = l.version
	from slot l
	where p.conference = in_conference and l.id = p.slot
		and (p.overlap_ok, p.version) is distinct from (l.overlap_ok, l.version);

	insert into release (conference, number, at, note, by_person, diff)
	select in_conference, coalesce(max(r.number), 0) + 1, instant, coalesce(in_note, ''), in_actor, all_changes
	from release r where r.conference = in_conference
	returning release.number into new_number;
	number := new_number;

	-- Beyond 50 a client fetches the whole schedule anyway.
	select array_agg(row('schedule', 'slot.' || x.change, x.slot)::ev order by x.ord) into slot_evs
	from (
		select c.change, c.ord, slot_json(p.slot, p.session, p.room, lower(p.during), upper(p.during), p.started,
			p.ended, p.cancelled, p.version, p.revision) as slot
		from unnest(slots, kinds) with ordinality as c(slot, change, ord) join published p on p.slot = c.slot
		order by c.ord limit 50
	) x;
	evs := slot_evs || row('schedule', 'release.published', json_build_object('release', number, 'at', iso(instant),
		'note', coalesce(in_note, ''), 'changes', changes))::ev || now_changed(in_conference);
end $$;

create or replace function release_publish(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_note text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	made record;
begin
	select * into made from release_apply(in_conference, in_actor, in_note);
	if made.number is null then
		return query select null::text, 'release.nothing', null::json;
		return;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('release', made.number, 'changes', made.changes), made.evs), null::text, null::json;
end $$;

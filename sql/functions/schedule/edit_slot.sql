-- Editing the slots of the draft: where and when a session is held. Each returns what db_write wants.

create or replace function slot_create(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_session uuid, in_room uuid,
	in_start text, in_end text, in_anchor boolean, in_min_s int, in_overlap_ok boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	times record;
	made slot;
begin
	select * into times from draft_times(in_conference, in_start, in_end) t;
	if times.fault is not null then
		return query select null::text, times.fault, times.current;
		return;
	end if;
	insert into slot (conference, session, room, starts, ends, anchor, min_s, overlap_ok)
	select in_conference, s.id, r.id, times.starts, times.ends, coalesce(in_anchor, false), nullif(in_min_s, 0),
		coalesce(in_overlap_ok, false)
	from session s join room r on r.conference = s.conference
	where s.conference = in_conference and s.id = in_session and r.id = in_room
	returning * into made;
	if made.id is null then
		return;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('slot', made.id, 'version', made.version), array[draft_ev('slot.created', slot_draft(made))]),
		null::text, null::json;
end $$;

-- Null keeps what is there. A slot that goes elsewhere is no longer one that may overlap, unless the call says so again; an anchor is not
-- elastic, so that each ends the other.
create or replace function slot_move(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_slot uuid, in_room uuid,
	in_start text, in_end text, in_anchor boolean, in_min_s int, in_overlap_ok boolean, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	times record;
	held slot;
	changed slot;
begin
	select * into times from draft_times(in_conference, in_start, in_end) t;
	select * into held from slot l where l.id = in_slot and l.conference = in_conference for update;
	if held.id is null or in_room is not null and not exists (
		select from room r where r.id = in_room and r.conference = in_conference)
	then
		return;
	end if;
	if held.version <> in_expect or held.cancelled or times.fault is not null then
		return query select null::text, case when held.version <> in_expect then 'conflict'
			when held.cancelled then 'slot.state' else times.fault end,
			case when held.version <> in_expect or held.cancelled then slot_draft(held) else times.current end;
		return;
	end if;
	update slot l set room = coalesce(in_room, held.room), starts = coalesce(times.starts, held.starts),
		ends = coalesce(times.ends, held.ends),
		anchor = coalesce(in_anchor, held.anchor and coalesce(in_min_s, 0) = 0),
		min_s = case when in_min_s is null and not coalesce(in_anchor, false) then held.min_s else nullif(in_min_s, 0) end,
		overlap_ok = coalesce(in_overlap_ok, held.overlap_ok and coalesce(in_room, held.room) = held.room
			and coalesce(times.starts, held.starts) = held.starts and coalesce(times.ends, held.ends) = held.ends),
		version = held.version + 1
	where l.id = held.id and l.conference = in_conference
	returning * into changed;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('slot', changed.id, 'version', changed.version),
		array[draft_ev(case when (changed.room, changed.starts, changed.ends) = (held.room, held.starts, held.ends)
			then 'slot.changed' else 'slot.moved' end, slot_draft(changed))]), null::text, null::json;
end $$;

-- slot.cancel and slot.restore.
create or replace function slot_cancel(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_slot uuid, in_expect int,
	in_cancelled boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held slot;
begin
	select * into held from slot l where l.id = in_slot and l.conference = in_conference for update;
	if held.id is null then
		return;
	end if;
	if held.version <> in_expect or held.cancelled = in_cancelled then
		return query select null::text, case when held.version <> in_expect then 'conflict' else 'slot.state' end,
			slot_draft(held);
		return;
	end if;
	update slot l set cancelled = in_cancelled, version = held.version + 1
	where l.id = held.id and l.conference = in_conference
	returning * into held;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('slot', held.id, 'version', held.version),
		array[draft_ev(case when in_cancelled then 'slot.cancelled' else 'slot.changed' end, slot_draft(held))]),
		null::text, null::json;
end $$;

-- Two slots change places: room and start; each keeps its length.
create or replace function slot_swap(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_first uuid, in_second uuid,
	in_expect_first int, in_expect_second int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	a slot;
	b slot;
begin
	if in_first = in_second then
		return query select null::text, 'bad_request', null::json;
		return;
	end if;
	perform from slot l where l.id in (in_first, in_second) and l.conference = in_conference order by l.id for update;
	select * into a from slot l where l.id = in_first and l.conference = in_conference;
	select * into b from slot l where l.id = in_second and l.conference = in_conference;
	if a.id is null or b.id is null then
		return;
	end if;
	if a.version <> in_expect_first or b.version <> in_expect_second or a.cancelled or b.cancelled then
		return query select null::text,
			case when a.version <> in_expect_first or b.version <> in_expect_second then 'conflict' else 'slot.state' end,
			json_build_object('first', slot_draft(a), 'second', slot_draft(b));
		return;
	end if;
	update slot l set room = o.room, starts = o.starts, ends = o.starts + (l.ends - l.starts), overlap_ok = false,
		version = l.version + 1
	from slot o
	where l.conference = in_conference and (l.id, o.id) in ((in_first, in_second), (in_second, in_first));
	select * into a from slot l where l.id = in_first;
	select * into b from slot l where l.id = in_second;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('first', json_build_object('slot', a.id, 'version', a.version),
			'second', json_build_object('slot', b.id, 'version', b.version)),
		array[draft_ev('slot.moved', slot_draft(a)), draft_ev('slot.moved', slot_draft(b))]), null::text, null::json;
end $$;

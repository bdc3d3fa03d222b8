-- What volunteers must do for whom: notes as they are shown, saved, taken away and confirmed.

create or replace function door_note_json(n door_note) returns json
language sql immutable as $$
	select json_strip_nulls(json_build_object('id', n.id, 'category', n.category, 'text', n.text, 'text_da', n.text_da,
		'confirm', n.confirm))
$$;

-- All for one person at one list, their own first; null when there are none.
create or replace function door_notes(in_conference uuid, in_list uuid, in_person uuid) returns json
language plpgsql stable as $$
begin
	return (select json_agg(door_note_json(n) order by n.person is null, n.category is null, n.saved, n.id)
		from door_note n
		where n.conference = in_conference and n.removed is null and (n.person is null or n.person = in_person)
			and (n.list is null or n.list = in_list)
			and (n.category is null or n.category = (select p.category from person p where p.id = in_person)));
end $$;

-- Their own alone: for the sealed row of a snapshot.
create or replace function door_notes_of(in_conference uuid, in_list uuid, in_person uuid) returns json
language plpgsql stable as $$
begin
	return (select json_agg(door_note_json(n) order by n.saved, n.id)
		from door_note n
		where n.conference = in_conference and n.removed is null and n.person = in_person
			and (n.list is null or n.list = in_list)
			and (n.category is null or n.category = (select p.category from person p where p.id = in_person)));
end $$;

-- Those that name nobody: for the head of a snapshot.
create or replace function door_notes_for(in_conference uuid, in_list uuid) returns json
language plpgsql stable as $$
begin
	return (select coalesce(json_agg(door_note_json(n) order by n.category is null, n.saved, n.id), '[]')
		from door_note n
		where n.conference = in_conference and n.removed is null and n.person is null and (n.list is null or n.list = in_list));
end $$;

-- What a station says was done for whoever its scan stands for. Again changes nothing; of a note that there never was, nothing is kept.
create or replace function door_confirmed(in_conference uuid, in_scan uuid, in_notes uuid[], in_station uuid, in_staff uuid,
	in_at timestamptz) returns int
language plpgsql as $$
declare
	n int;
begin
	insert into door_confirm (scan, note, conference, station, staff, at)
	select s.scan_id, x.id, in_conference, in_station, in_staff, in_at
	from scan s join door_note x on x.conference = in_conference and x.id = any (in_notes)
	where s.conference = in_conference and s.scan_id = in_scan
	order by 2
	on conflict on constraint door_confirm_once do nothing;
	get diagnostics n = row_count;
	return n;
end $$;

-- Who is told that notes have changed: of somebody's own their ticket, of the others every screen of the list.
create or replace function door_note_events(in_conference uuid, in_list uuid, in_person uuid, in_note uuid) returns ev[]
language plpgsql as $$
begin
	if in_person is not null then
		return door_events(in_conference, array[in_person]);
	end if;
	return array[row('door', 'note.changed', json_strip_nulls(json_build_object('list', in_list, 'note', in_note)))::ev];
end $$;

-- note.save. Forty that name nobody and four a person: what is shown after a scan has to be read while somebody stands there.
create or replace function note_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_note uuid, in_list uuid,
	in_category uuid, in_person uuid, in_text text, in_text_da text, in_confirm boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held door_note;
	evs ev[] := '{}';
begin
	perform pg_advisory_xact_lock(hashtextextended('note ' || in_conference, 0));
	if in_list is not null and not exists (select from checkin_list l where l.conference = in_conference and l.id = in_list)
		or in_category is not null and not exists (select from category c where c.conference = in_conference and c.id = in_category)
		or in_person is not null and not exists (select from person p where p.conference = in_conference and p.id = in_person)
	then
		return;
	end if;
	if in_note is not null then
		select * into held from door_note n where n.conference = in_conference and n.id = in_note and n.removed is null for update;
		if held.id is null then
			return;
		end if;
	end if;
	if (select count(*) from door_note n where n.conference = in_conference and n.removed is null and n.id is distinct from in_note
			and n.person is not distinct from in_person) >= (case when in_person is null then 40 else 4 end)
	then
		return query select null::text, 'limit.size', null::json;
		return;
	end if;
	if held.id is null then
		insert into door_note (conference, list, category, person, text, text_da, confirm, by_person)
		values (in_conference, in_list, in_category, in_person, in_text, in_text_da, in_confirm, in_actor)
		returning * into held;
	else
		-- Whoever it was about until now is told as well.
		if (held.person, held.list) is distinct from (in_person, in_list) then
			evs := door_note_events(in_conference, held.list, held.person, held.id);
		end if;
		update door_note n set list = in_list, category = in_category, person = in_person, text = in_text, text_da = in_text_da,
			confirm = in_confirm, by_person = in_actor, saved = now()
		where n.id = held.id returning * into held;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('note', held.id),
		evs || door_note_events(in_conference, held.list, held.person, held.id)), null::text, null::json;
end $$;

create or replace function note_remove(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_note uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held door_note;
begin
	update door_note n set removed = now() where n.conference = in_conference and n.id = in_note and n.removed is null
	returning * into held;
	if held.id is null then
		return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('note', n.id, 'noop', true), '{}'),
			null::text, null::json
		from door_note n where n.conference = in_conference and n.id = in_note;
		return;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('note', held.id),
		door_note_events(in_conference, held.list, held.person, held.id)), null::text, null::json;
end $$;

-- checkin.confirm: by the station whose scan it was, or by staff.
create or replace function note_confirm(in_conference uuid, in_station uuid, in_staff uuid, in_scan uuid, in_note uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
begin
	if not exists (select from scan s where s.conference = in_conference and s.scan_id = in_scan)
		or not exists (select from door_note n where n.conference = in_conference and n.id = in_note)
	then
		return;
	end if;
	if in_station is not null and not exists (select from scan s join station t on t.id = in_station and t.revoked is null
		where s.scan_id = in_scan and s.station = in_station)
	then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	perform door_confirmed(in_conference, in_scan, array[in_note], in_station, in_staff, plenum_now(in_conference));
	return query select with_positions(json_build_object('scan_id', c.scan, 'note', c.note, 'at', iso(c.at)), '{}'), null::text, null::json
	from door_confirm c where c.scan = in_scan and c.note = in_note;
end $$;

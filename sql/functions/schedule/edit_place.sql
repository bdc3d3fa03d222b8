-- Editing rooms, tracks and speakers. Names are taken under the conference's lock, so that two saves cannot both find one free.

create or replace function room_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_room uuid, in_name text,
	in_capacity int, in_online int, in_ord int, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held room;
	refused text;
begin
	perform from conference k where k.id = in_conference for no key update;
	select * into held from room r where r.id = in_room and r.conference = in_conference for update;
	refused := coalesce(save_refusal(in_expect, held.version), case when exists (
		select from room o where o.conference = in_conference and o.name = in_name and o.id <> in_room) then 'name.taken' end);
	if refused is not null then
		return query select null::text, refused, case when held.id is not null then room_draft(held) end;
		return;
	end if;
	if held.id is null then
		insert into room (id, conference, guid, name, capacity, online_capacity, ord)
		select in_room, in_conference, in_room, in_name, nullif(in_capacity, 0), nullif(in_online, 0),
			coalesce(in_ord, (select coalesce(max(o.ord), 0) + 1 from room o where o.conference = in_conference))
		returning * into held;
	else
		update room r set name = in_name, ord = coalesce(in_ord, r.ord),
			capacity = case when in_capacity is null then r.capacity else nullif(in_capacity, 0) end,
			online_capacity = case when in_online is null then r.online_capacity else nullif(in_online, 0) end,
			version = r.version + 1
		where r.id = held.id
		returning * into held;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('room', held.id, 'version', held.version), array[draft_ev('room.saved', room_draft(held))]),
		null::text, null::json;
end $$;

-- A room that was ever in a released programme stays: releases name it.
create or replace function room_remove(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_room uuid, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held room;
begin
	select * into held from room r where r.id = in_room and r.conference = in_conference for update;
	if held.id is null then
		return;
	end if;
	if held.version <> in_expect or exists (select from slot l where l.room = held.id)
		or exists (select from slot_revision v where v.conference = in_conference and v.room = held.id)
	then
		return query select null::text, case when held.version <> in_expect then 'conflict' else 'room.used' end,
			room_draft(held);
		return;
	end if;
	delete from room r where r.id = held.id;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('room', held.id),
		array[draft_ev('room.removed', json_build_object('id', held.id))]), null::text, null::json;
end $$;

create or replace function track_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_track uuid, in_name text,
	in_color text, in_ord int, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held track;
	refused text;
begin
	perform from conference k where k.id = in_conference for no key update;
	select * into held from track t where t.id = in_track and t.conference = in_conference for update;
	refused := coalesce(save_refusal(in_expect, held.version), case when exists (
		select from track o where o.conference = in_conference and o.name = in_name and o.id <> in_track) then 'name.taken' end);
	if refused is not null then
		return query select null::text, refused, case when held.id is not null then track_draft(held) end;
		return;
	end if;
	if held.id is null then
		insert into track (id, conference, name, color, slug, ord)
		select in_track, in_conference, in_name, nullif(in_color, ''), name_slug(in_name),
			coalesce(in_ord, (select coalesce(max(o.ord), 0) + 1 from track o where o.conference = in_conference))
		returning * into held;
	else
		update track t set name = in_name, slug = case when t.name = in_name then t.slug else name_slug(in_name) end,
			color = case when in_color is null then t.color else nullif(in_color, '') end, ord = coalesce(in_ord, t.ord),
			version = t.version + 1
		where t.id = held.id
		returning * into held;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('track', held.id, 'version', held.version), array[draft_ev('track.saved', track_draft(held))]),
		null::text, null::json;
end $$;

-- Its sessions go on without a track.
create or replace function track_remove(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_track uuid, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held track;
begin
	select * into held from track t where t.id = in_track and t.conference = in_conference for update;
	if held.id is null then
		return;
	end if;
	if held.version <> in_expect then
		return query select null::text, 'conflict', track_draft(held);
		return;
	end if;
	delete from track t where t.id = held.id;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('track', held.id),
		array[draft_ev('track.removed', json_build_object('id', held.id))]), null::text, null::json;
end $$;

create or replace function speaker_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_speaker uuid, in_name text,
	in_biography text, in_person text, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held speaker;
	refused text;
	who uuid := nullif(in_person, '')::uuid;
begin
	select * into held from speaker p where p.id = in_speaker and p.conference = in_conference for update;
	refused := coalesce(save_refusal(in_expect, held.version), case when who is not null and not exists (
		select from person p where p.id = who and p.conference = in_conference) then 'not_found' end);
	if refused is not null then
		return query select null::text, refused, case when held.id is not null then speaker_draft(held) end;
		return;
	end if;
	if held.id is null then
		insert into speaker (id, conference, guid, name, person, extra)
		values (in_speaker, in_conference, in_speaker, in_name, who,
			case when coalesce(in_biography, '') = '' then '{}' else jsonb_build_object('biography', in_biography) end)
		returning * into held;
	else
		update speaker p set name = in_name, person = case when in_person is null then p.person else who end,
			extra = case when in_biography is null then p.extra when in_biography = '' then p.extra - 'biography'
				else p.extra || jsonb_build_object('biography', in_biography) end,
			version = p.version + 1
		where p.id = held.id
		returning * into held;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('speaker', held.id, 'version', held.version), array[draft_ev('speaker.saved', speaker_draft(held))]),
		null::text, null::json;
end $$;

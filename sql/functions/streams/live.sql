-- What staff decide over the clock: another entry, or a hold. Each reaches every player by one event.

-- {"en", "da"?} of one line each, or null: members that are none of them are dropped.
create or replace function stream_text(in_text jsonb) returns jsonb
language sql immutable as $$
	select case when bool_and(jsonb_typeof(t.value) = 'string' and char_length(t.value #>> '{}') between 1 and 200
			and (t.value #>> '{}') !~ U&'[\0001-\001F\007F-\009F\061C\200B-\200F\2028-\202E\2060-\2069\FEFF]')
		then jsonb_object_agg(t.key, t.value) end
	from jsonb_each(case when jsonb_typeof(in_text) = 'object' then in_text end) t
	where t.key in ('en', 'da') and in_text ? 'en'
$$;

create or replace function stream_live(in_conference uuid, in_room uuid) returns room_live
language plpgsql as $$
declare
	held room_live;
begin
	perform from room r where r.id = in_room and r.conference = in_conference for no key update;
	if found then
		insert into room_live (room, conference) values (in_room, in_conference)
		on conflict on constraint room_live_once do nothing;
		select * into held from room_live l where l.room = in_room;
	end if;
	return held;
end $$;

create or replace function stream_switch(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_room uuid, in_stream uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
begin
	if in_stream is not null and not exists (select from stream s
		where s.id = in_stream and s.room = in_room and s.conference = in_conference) then
		return;
	end if;
	if (stream_live(in_conference, in_room)).room is null then
		return;
	end if;
	update room_live l set stream = in_stream where l.room = in_room;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'stream.switch', in_room::text, jsonb_build_object('stream', in_stream));
	return query select write_done(in_conference, in_actor, in_key, in_hash, room_streams(in_conference, in_room),
		stream_changed(in_conference, in_room)), null::text, null::json;
end $$;

create or replace function stream_hold(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_room uuid, in_hold boolean,
	in_text jsonb, in_back text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	words jsonb := stream_text(in_text);
	back record;
begin
	select * into back from local_instant((select zone from conference where id = in_conference), in_back);
	if back.fault is not null then
		return query select null::text, back.fault, back.current;
		return;
	end if;
	if in_text is not null and words is null then
		return query select null::text, 'bad_request', null::json;
		return;
	end if;
	if (stream_live(in_conference, in_room)).room is null then
		return;
	end if;
	update room_live l set hold_since = case when in_hold then coalesce(l.hold_since, plenum_now(in_conference)) end,
		hold_text = case when in_hold then words end, hold_back = case when in_hold then back.at end
	where l.room = in_room;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'stream.hold', in_room::text, jsonb_build_object('hold', in_hold));
	return query select write_done(in_conference, in_actor, in_key, in_hash, room_streams(in_conference, in_room),
		stream_changed(in_conference, in_room)), null::text, null::json;
end $$;

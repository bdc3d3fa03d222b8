-- What a player needs to know of a room.
create or replace function room_streams(in_conference uuid, in_room uuid) returns json
language sql stable as $$
	select json_build_object('room', in_room, 'current', null, 'switched', false, 'hold', null, 'streams', '[]'::json)
$$;

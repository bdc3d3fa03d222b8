-- Expected times of a room.
create or replace function expect_room(in_conference uuid, in_room uuid) returns ev[]
language sql as $$
	select '{}'::ev[]
$$;

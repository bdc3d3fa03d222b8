-- Stations: how they are unlocked, and what they say of themselves.

-- Five wrong tries lock it until staff give it a PIN. The count is the row's, raised under its lock, so that no number of tabs gets a sixth.
-- Without a PIN nothing is locked.
create or replace function station_unlock(in_conference uuid, in_station uuid, in_pin bytea)
returns table (reply json, fault text, current json)
language plpgsql as $$
declare
	s station;
begin
	select * into s from station x
	where x.conference = in_conference and x.id = in_station and x.revoked is null for no key update;
	if s.id is null then
		return;
	elsif s.pin_hash is not null and s.pin_tries >= 5 then
		return query select null::json, 'station.locked', json_build_object('left', 0);
		return;
	elsif s.pin_hash is not null and s.pin_hash is distinct from in_pin then
		update station x set pin_tries = x.pin_tries + 1 where x.id = s.id;
		if s.pin_tries = 4 then
			insert into audit (conference, actor, action, subject) values (in_conference, s.id, 'station.locked', s.id);
		end if;
		return query select null::json, case when s.pin_tries = 4 then 'station.locked' else 'station.pin' end,
			json_build_object('left', 4 - s.pin_tries);
		return;
	end if;
	update station x set pin_tries = 0 where x.id = s.id and x.pin_tries > 0;
	return query select json_build_object('station', s.id, 'pin', s.pin_hash is not null), null::text, null::json;
end $$;

-- One who has not been heard for two heartbeats and a half is away.
create or replace function station_online(seen timestamptz) returns boolean
language sql stable as $$
	select coalesce(seen > now() - interval '25 seconds', false)
$$;

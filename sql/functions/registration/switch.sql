-- Here or online, decided at the desk, by an organiser, or by whom it is about ("ill at 07:00"): the place, the bed and the paper go to the
-- next, the calendar shows the link first, the talk is remote.

-- registration.switch_mode: of somebody found by name, or of who was scanned here (a red screen does not say who). To on_site only while there is room at the list and in the conference; back only for who is not inside.
drop function if exists registration_switch(uuid, uuid, uuid, bytea, uuid, text, uuid, uuid);
create or replace function registration_switch(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_person uuid,
	in_scan uuid, in_mode text, in_list uuid, in_station uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	before text;
	room text;
	who uuid := coalesce(in_person, (select s.person from scan s where s.conference = in_conference and s.scan_id = in_scan
		and (in_station is null or s.station = in_station)));
begin
	if in_list is not null then
		room := desk_refusal(in_conference, in_station, in_list);
		if room is not null then
			return query select null::text, room, null::json;
			return;
		end if;
	end if;
	-- The lists' rows before the person's: whoever is let in holds them in this order.
	if in_list is not null and in_mode = 'on_site' and list_seats(in_conference, in_list) <= 0
		and exists (select from person p where p.conference = in_conference and p.id = who and p.mode = 'online')
	then
		return query select null::text, 'registration.full', null::json;
		return;
	end if;
	perform from conference c where c.id = in_conference for no key update;
	if registration_left(in_conference, in_mode) <= 0
		and exists (select from person p where p.conference = in_conference and p.id = who and p.mode <> in_mode)
	then
		return query select null::text, 'registration.full', null::json;
		return;
	end if;
	select p.mode into before from person p where p.conference = in_conference and p.id = who for no key update;
	if before is null then
		return;
	end if;
	if before = in_mode then
		return query select write_done(in_conference, in_actor, in_key, in_hash,
			json_build_object('person', who, 'mode', in_mode, 'noop', true), '{}'), null::text, null::json;
		return;
	end if;
	if not exists (select from registration r where r.person = who and r.state = 'confirmed') then
		return query select null::text, 'registration.state', null::json;
		return;
	end if;
	if in_mode = 'online' and exists (select from admission a where a.conference = in_conference and a.person = who
		and a.undone is null and a.left_at is null)
	then
		return query select null::text, 'registration.inside', null::json;
		return;
	end if;
	update person p set mode = in_mode where p.id = who;
	perform registration_switched_mail(in_conference, who, in_key, in_mode);
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'registration.switch_mode', who, jsonb_build_object('from', before, 'to', in_mode, 'list', in_list));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('person', who, 'mode', in_mode),
		array[row('worker', 'role.changed', json_build_object('person', who))::ev] || door_events(in_conference, array[who])
			|| registration_events(in_conference, array[who]) || person_switched(in_conference, who, before, in_mode)
			|| waiting_offer(in_conference)), null::text, null::json;
end $$;

-- registration.seats: how many may be on site; null: as many as come.
create or replace function registration_seats(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_seats int)
returns table (reply text, fault text, current json)
language plpgsql as $$
begin
	update conference c set seats = in_seats where c.id = in_conference;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'registration.seats', in_conference, jsonb_build_object('seats', in_seats));
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('seats', in_seats, 'left', conference_seats(in_conference)), waiting_offer(in_conference)), null::text, null::json;
end $$;


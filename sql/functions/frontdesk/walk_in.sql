-- People without a ticket: registered and let in at the door, while there is room; those that a station let in without a network.

-- A person of this conference, registered, with a code. Without an address they have one where nothing is ever delivered.
create or replace function walk_in_person(in_conference uuid, in_name text, in_email text, in_category uuid, in_lookup bytea,
	in_row_key bytea, in_sealed bytea, in_code text)
returns uuid
language plpgsql as $$
declare
	made uuid := gen_random_uuid();
begin
	insert into person (id, conference, email, name, mode, category)
	values (made, in_conference, coalesce(in_email, made || '@walk-in.invalid'), in_name, 'on_site', in_category);
	insert into registration (person, conference) values (made, in_conference);
	insert into entry_code (conference, person, generation, lookup, row_key, sealed)
	values (in_conference, made, 1, in_lookup, in_row_key, in_sealed);
	perform mail_queue(in_conference, made, 'welcome:' || made, 'Your entry code for ' || c.title,
		format(E'Hello %s,\n\nyou are registered for %s.\n\nYour entry code, for the door and for signing in, is\n\n    %s\n\n'
			'Keep it to yourself: it is your ticket.\n', in_name, c.title, in_code))
	from conference c where c.id = in_conference and in_email is not null;
	return made;
end $$;

-- Who has that address already, to be found by name instead.
create or replace function walk_in_known(in_conference uuid, in_email text) returns json
language sql stable as $$
	select json_build_object('person', p.id, 'name', p.name) from person p where p.conference = in_conference and p.email = in_email
$$;

-- What the list says of somebody of that category now, and whether there is room: {"reason","window"?}; null: come in. Locks the rows that
-- are counted, the list's first.
create or replace function walk_in_refusal(in_conference uuid, in_list uuid, in_category uuid) returns json
language plpgsql as $$
declare
	l checkin_list;
	w record;
	d record;
	clock timestamptz := plenum_now(in_conference);
begin
	select * into l from checkin_list x where x.conference = in_conference and x.id = in_list;
	select array_agg(x.category) as whose, array_agg(x.opens) as f, array_agg(x.closes) as u into w from door_windows(in_list) x;
	select * into d from door_reason(null, false, 'on_site', in_category, 'entry', l.opens, l.closes, w.whose, w.f, w.u, clock);
	if d.reason is not null then
		return json_strip_nulls(json_build_object('reason', d.reason, 'window', case when d.reason = 'not_yet' then
			door_next(l.opens, l.closes, w.whose, w.f, w.u, in_category, clock) end));
	end if;
	if list_seats(in_conference, in_list) <= 0 or conference_seats(in_conference) <= 0 then
		return json_build_object('reason', 'full');
	end if;
	return null;
end $$;

-- checkin.walk_in: all of it or nothing. The same scan again is answered alike, with the same code.
create or replace function door_walk_in(in_conference uuid, in_station uuid, in_staff uuid, in_list uuid, in_name text, in_email text,
	in_category uuid, in_scan uuid, in_asked bytea, in_lookup bytea, in_row_key bytea, in_sealed bytea, in_code text)
returns table (reply text, sealed bytea, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	held door_walk_in;
	who uuid;
	evs ev[];
	positions json;
begin
	fault := desk_refusal(in_conference, in_station, in_list);
	if fault is null and in_category is not null
		and not exists (select from category c where c.conference = in_conference and c.id = in_category)
	then
		fault := 'not_found';
	end if;
	if fault is not null then
		return next;
		return;
	end if;
	perform pg_advisory_xact_lock(hashtextextended('walk in ' || in_scan, 0));
	select * into held from door_walk_in w where w.scan = in_scan;
	if held.scan is not null or exists (select from scan s where s.scan_id = in_scan) then
		if (held.conference, held.asked) is distinct from (in_conference, in_asked) then
			fault := 'key.reused';
			return next;
			return;
		end if;
		who := held.person;
	else
		current := walk_in_known(in_conference, in_email);
		fault := case when current is not null then 'checkin.known' end;
		if fault is null then
			current := walk_in_refusal(in_conference, in_list, in_category);
			fault := case when current is not null then 'checkin.refused' end;
		end if;
		if fault is not null then
			return next;
			return;
		end if;
		who := walk_in_person(in_conference, in_name, in_email, in_category, in_lookup, in_row_key, in_sealed, in_code);
		insert into scan (scan_id, conference, list, station, staff, person, raw_hash, direction, at, row_key)
		values (in_scan, in_conference, in_list, in_station, in_staff, who, in_lookup, 'entry', plenum_now(in_conference), in_row_key);
		insert into admission (conference, list, person, scan, at)
		select in_conference, in_list, who, in_scan, s.at from scan s where s.scan_id = in_scan;
		insert into door_walk_in (scan, conference, person, asked) values (in_scan, in_conference, who, in_asked);
		insert into audit (conference, actor, action, subject, detail)
		values (in_conference, coalesce(in_station, in_staff), 'checkin.walk_in', who, jsonb_build_object('list', in_list, 'scan', in_scan));
		evs := door_judge(in_scan, 'admitted', null, null) || door_events(in_conference, array[who]);
		select json_object_agg(a.channel, a.position) into positions
		from (select p.channel, max(p.position) as position from channel_append(in_conference, evs) p group by p.channel) a;
	end if;
	reply := with_positions(json_strip_nulls(json_build_object('scan_id', in_scan, 'list', in_list, 'verdict', 'admitted',
			'person', (select json_build_object('id', p.id, 'name', p.name) from person p where p.id = who),
			'ticket', door_ticket(who), 'notes', door_notes(in_conference, in_list, who))), positions);
	sealed := (select e.sealed from entry_code e where e.person = who order by e.generation desc limit 1);
	return next;
end $$;

-- checkin.walk_in_merge: whoever a station let in without knowing them is this person, or becomes one. They are in: nobody asks for room.
-- What that amounts to is seen from all of the person's scans.
create or replace function walk_in_merge(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_conflict uuid, in_person uuid,
	in_name text, in_email text, in_category uuid, in_lookup bytea, in_row_key bytea, in_sealed bytea, in_code text)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	c conflict;
	who uuid;
	named text;
	evs ev[];
begin
	select * into c from conflict x where x.conference = in_conference and x.id = in_conflict and x.kind = 'walk_in' for no key update;
	if not found or in_category is not null
		and not exists (select from category k where k.conference = in_conference and k.id = in_category)
	then
		return;
	elsif c.settled is not null then
		fault := 'checkin.settled';
		return next;
		return;
	end if;
	named := coalesce(in_name, left(nullif(trim(c.detail ->> 'name'), ''), 200));
	if in_person is not null then
		select p.id into who from person p where p.conference = in_conference and p.id = in_person for no key update;
		if who is null then
			return;
		end if;
	else
		current := walk_in_known(in_conference, in_email);
		fault := case when named is null then 'bad_request' when current is not null then 'checkin.known' end;
		if fault is not null then
			return next;
			return;
		end if;
		who := walk_in_person(in_conference, named, in_email, in_category, in_lookup, in_row_key, in_sealed, in_code);
	end if;
	-- Amber, and then somebody let them in: that is what walking in means.
	update scan s set person = who, merit = null,
		shown_verdict = case when s.shown_verdict = 'repeat' then 'repeat' else 'admitted' end
	where s.scan_id = c.scan_a;
	evs := door_settle(in_conference, who);
	update conflict x set settled = plenum_now(in_conference), settled_by = in_actor, person = who where x.id = c.id;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'checkin.walk_in_merge', who, jsonb_build_object('conflict', c.id, 'scan', c.scan_a, 'new', in_person is null));
	reply := write_done(in_conference, in_actor, in_key, in_hash, json_build_object('conflict', c.id, 'person', who, 'new', in_person is null),
		evs || conflict_events(c.id, 'conflict.settled') || door_events(in_conference, array[who]));
	return next;
end $$;

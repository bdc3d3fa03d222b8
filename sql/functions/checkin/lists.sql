-- Lists, zones, categories and rules as the organiser edits them. A save of what is there says which version it has seen; '' and 0 take a
-- value away, null leaves it. Stations hear on `door` that there is something new to fetch.

create or replace function door_news() returns ev[]
language sql immutable as $$
	select array[row('door', 'ticket.changed', '{"status":"valid"}'::json)::ev]
$$;

-- "21:30" at the conference; null when it is none.
create or replace function wall_time(in_text text) returns time
language sql immutable as $$
	select case when in_text ~ '^([01]\d|2[0-3]):[0-5]\d$' then in_text::time end
$$;

create or replace function wall_text(in_time time) returns text
language sql immutable as $$
	select to_char(in_time, 'HH24:MI')
$$;

create or replace function list_json(l checkin_list) returns json
language sql stable as $$
	select json_build_object('id', l.id, 'name', l.name, 'opens', iso(l.opens), 'closes', iso(l.closes), 'capacity', l.capacity, 'zone', l.zone,
		'day_ends', wall_text(l.day_ends), 'sign_in', l.sign_in, 'version', l.version, 'rules', (
			select coalesce(json_agg(json_build_object('id', r.id, 'list', r.list, 'category', r.category, 'day', r.day,
				'opens', wall_text(r.opens), 'until', wall_text(r.until)) order by r.day nulls first, r.opens nulls first, r.id), '[]')
			from list_rule r where r.list = l.id))
$$;

create or replace function zone_json(z zone) returns json
language sql stable as $$
	select json_build_object('id', z.id, 'name', z.name, 'part_of', z.part_of, 'capacity', z.capacity, 'version', z.version)
$$;

create or replace function category_json(c category) returns json
language sql stable as $$
	select json_build_object('id', c.id, 'name', c.name, 'color', c.color, 'ord', c.ord, 'version', c.version)
$$;

create or replace function list_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_list uuid, in_name text, in_opens text,
	in_closes text, in_capacity int, in_zone text, in_day_ends text, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held checkin_list;
	refused text;
	place text := (select k.zone from conference k where k.id = in_conference);
	o record;
	c record;
begin
	select * into held from checkin_list l where l.id = in_list and l.conference = in_conference for update;
	select * into o from local_instant(place, nullif(in_opens, ''));
	select * into c from local_instant(place, nullif(in_closes, ''));
	refused := coalesce(save_refusal(in_expect, held.version), o.fault, c.fault,
		case when in_day_ends <> '' and wall_time(in_day_ends) is null then 'bad_request'
		when in_zone <> '' and not exists (select from zone z where z.conference = in_conference and z.id::text = in_zone) then 'not_found' end);
	if refused is not null then
		return query select null::text, refused, case when refused = 'conflict' then list_json(held)
			else coalesce(o.current, c.current) end;
		return;
	end if;
	if held.id is null then
		insert into checkin_list (id, conference, name, opens, closes, capacity, zone, day_ends)
		values (in_list, in_conference, in_name, o.at, c.at, nullif(in_capacity, 0), nullif(in_zone, '')::uuid, wall_time(in_day_ends))
		returning * into held;
	else
		update checkin_list l set name = in_name, opens = case when in_opens is null then l.opens else o.at end,
			closes = case when in_closes is null then l.closes else c.at end,
			capacity = case when in_capacity is null then l.capacity else nullif(in_capacity, 0) end,
			zone = case when in_zone is null then l.zone else nullif(in_zone, '')::uuid end,
			day_ends = case when in_day_ends is null then l.day_ends else wall_time(in_day_ends) end, version = l.version + 1
		where l.id = held.id
		returning * into held;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('list', held.id, 'version', held.version),
		door_news()), null::text, null::json;
exception when invalid_datetime_format or datetime_field_overflow then
	return query select null::text, 'bad_request', null::json;
end $$;

-- What happened at a list stays: one that was scanned at cannot go.
create or replace function list_remove(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_list uuid, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held checkin_list;
	refused text;
begin
	select * into held from checkin_list l where l.id = in_list and l.conference = in_conference for update;
	refused := case when held.id is null then 'not_found' when held.version <> in_expect then 'conflict'
		when exists (select from scan s where s.list = in_list) then 'checkin.used' end;
	if refused is not null then
		return query select null::text, refused, case when refused = 'conflict' then list_json(held) end;
		return;
	end if;
	delete from due d where d.conference = in_conference and d.kind = 'day_end' and d.subject = in_list::text;
	delete from checkin_list l where l.id = in_list;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('list', in_list), '{}'), null::text, null::json;
end $$;

create or replace function zone_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_zone uuid, in_name text, in_part_of text,
	in_capacity int, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held zone;
	refused text;
begin
	-- Two zones made parts of each other at once would be a loop.
	perform from conference k where k.id = in_conference for no key update;
	select * into held from zone z where z.id = in_zone and z.conference = in_conference for update;
	refused := coalesce(save_refusal(in_expect, held.version),
		case when in_part_of <> '' and not exists (select from zone z where z.conference = in_conference and z.id::text = in_part_of) then 'not_found'
		when in_part_of <> '' and in_part_of::uuid = any (zone_below(in_zone)) then 'checkin.loop' end);
	if refused is not null then
		return query select null::text, refused, case when refused = 'conflict' then zone_json(held) end;
		return;
	end if;
	if held.id is null then
		insert into zone (id, conference, name, part_of, capacity)
		values (in_zone, in_conference, in_name, nullif(in_part_of, '')::uuid, nullif(in_capacity, 0)) returning * into held;
	else
		update zone z set name = in_name, part_of = case when in_part_of is null then z.part_of else nullif(in_part_of, '')::uuid end,
			capacity = case when in_capacity is null then z.capacity else nullif(in_capacity, 0) end, version = z.version + 1
		where z.id = held.id returning * into held;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('zone', held.id, 'version', held.version),
		door_news()), null::text, null::json;
end $$;

create or replace function zone_remove(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_zone uuid, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held zone;
	refused text;
begin
	select * into held from zone z where z.id = in_zone and z.conference = in_conference for update;
	refused := case when held.id is null then 'not_found' when held.version <> in_expect then 'conflict' end;
	if refused is not null then
		return query select null::text, refused, case when refused = 'conflict' then zone_json(held) end;
		return;
	end if;
	delete from zone z where z.id = in_zone;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('zone', in_zone), door_news()), null::text, null::json;
end $$;

create or replace function category_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_category uuid, in_name text,
	in_color text, in_ord int, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held category;
	refused text;
begin
	select * into held from category c where c.id = in_category and c.conference = in_conference for update;
	refused := save_refusal(in_expect, held.version);
	if refused is not null then
		return query select null::text, refused, case when refused = 'conflict' then category_json(held) end;
		return;
	end if;
	if held.id is null then
		insert into category (id, conference, name, color, ord) values (in_category, in_conference, in_name, nullif(in_color, ''),
			coalesce(in_ord, (select coalesce(max(c.ord), 0) + 1 from category c where c.conference = in_conference)))
		returning * into held;
	else
		update category c set name = in_name, color = case when in_color is null then c.color else nullif(in_color, '') end,
			ord = coalesce(in_ord, c.ord), version = c.version + 1
		where c.id = held.id returning * into held;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('category', held.id, 'version', held.version), door_news()), null::text, null::json;
end $$;

-- One that a rule names stays: without its rule the list would be open to everybody.
create or replace function category_remove(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_category uuid, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held category;
	refused text;
	members uuid[];
begin
	select * into held from category c where c.id = in_category and c.conference = in_conference for update;
	refused := case when held.id is null then 'not_found' when held.version <> in_expect then 'conflict'
		when exists (select from list_rule r where r.category = in_category) then 'checkin.used' end;
	if refused is not null then
		return query select null::text, refused, case when refused = 'conflict' then category_json(held) end;
		return;
	end if;
	select array_agg(p.id) into members from person p where p.category = in_category;
	delete from category c where c.id = in_category;
	-- Theirs is another ticket to a station now.
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('category', in_category),
		door_news() || door_events(in_conference, members)), null::text, null::json;
end $$;

-- A rule is small: it is made again rather than edited, but saving it twice is one.
create or replace function rule_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_rule uuid, in_list uuid,
	in_category uuid, in_day text, in_opens text, in_until text)
returns table (reply text, fault text)
language plpgsql as $$
declare
	day date;
begin
	if not exists (select from checkin_list l where l.conference = in_conference and l.id = in_list)
		or in_category is not null and not exists (select from category c where c.conference = in_conference and c.id = in_category)
	then
		return;
	elsif in_opens is not null and wall_time(in_opens) is null or in_until is not null and wall_time(in_until) is null
		or in_day is not null and in_day !~ '^\d{4}-\d\d-\d\d$'
	then
		return query select null::text, 'bad_request';
		return;
	elsif (select count(*) >= 100 from list_rule r where r.list = in_list and r.id <> in_rule) then
		return query select null::text, 'limit.size';
		return;
	end if;
	day := in_day::date;
	insert into list_rule as r (id, conference, list, category, day, opens, until)
	values (in_rule, in_conference, in_list, in_category, day, wall_time(in_opens), wall_time(in_until))
	on conflict on constraint list_rule_key do update
	set category = excluded.category, day = excluded.day, opens = excluded.opens, until = excluded.until
	where r.conference = excluded.conference and r.list = excluded.list;
	if not found then
		return;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('rule', in_rule), door_news()), null::text;
exception when datetime_field_overflow or invalid_datetime_format then
	return query select null::text, 'bad_request';
end $$;

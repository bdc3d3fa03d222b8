-- Finding somebody by name at the door, and letting them in by it.

-- May this station (null: somebody of staff) act on this list? null: yes.
create or replace function desk_refusal(in_conference uuid, in_station uuid, in_list uuid) returns text
language plpgsql stable as $$
begin
	return case
		when not exists (select from checkin_list l where l.conference = in_conference and l.id = in_list) then 'not_found'
		when in_station is not null and not exists (select from station s where s.conference = in_conference and s.id = in_station
			and s.kind = 'kiosk' and s.revoked is null and coalesce(s.list, in_list) = in_list) then 'denied' end;
end $$;

-- "soren.hansen@firma.dk" → "s…n@firma.dk": enough to compare with what somebody says, too little to collect.
create or replace function mail_hint(email text) returns text
language sql immutable parallel safe as $$
	select case when email not like '%@walk-in.invalid' then
		left(split_part(email, '@', 1), 1) || '…' || right(split_part(email, '@', 1), 1) || '@' || split_part(email, '@', 2) end
$$;

-- checkin.search: a row for each of at most eight, and on each whether there are more. Every word stands in the name or the organisation,
-- whichever way its Danish letters are written. Three letters at least: nobody reads a list of names off a screen. What was asked is kept.
create or replace function door_search(in_conference uuid, in_station uuid, in_staff uuid, in_list uuid, in_text text)
returns table (hit json, sealed bytea, more boolean, fault text)
language plpgsql as $$
#variable_conflict use_column
declare
	asked text := people_fold(in_text);
	words text[] := array(select w from regexp_split_to_table(asked, '\s+') w where w <> '' order by length(w) desc);
	-- The longest word alone can use the index: the others are looked for in what it leaves.
	longest text := '%' || regexp_replace(words[1], '([\\%_])', '\\\1', 'g') || '%';
	found uuid[];
begin
	fault := desk_refusal(in_conference, in_station, in_list);
	if fault is null and char_length(regexp_replace(in_text, '[[:space:][:punct:][:digit:]]', '', 'g')) < 3 then
		fault := 'checkin.letters';
	end if;
	if fault is not null then
		return next;
		return;
	end if;
	found := array(
		-- By letters first: a conference may be all there is in the table.
		select p.id from (select x.id, x.conference, x.folded from person x where x.folded like longest offset 0) p
		where p.conference = in_conference
			and not exists (select from unnest(words) w where strpos(p.folded, w) = 0)
		order by strpos(p.folded, asked) <> 1, strpos(' ' || p.folded, ' ' || words[1]) = 0, p.folded, p.id limit 9);
	insert into door_search (conference, list, station, staff, text, hits)
	values (in_conference, in_list, in_station, in_staff, asked, least(cardinality(found), 8));
	return query
	with hits as (
		select p.*, f.ord, c as cat, people_fold(p.name) as called, e.sealed, r.state = 'cancelled' as cancelled, a.at, a.left_at,
			coalesce(s.name, door_name(w.name)) as station, ticket_status(e) as ticket, e.person is not null as coded
		from unnest(found[1:8]) with ordinality as f(id, ord)
		join person p on p.id = f.id
		left join category c on c.id = p.category
		left join registration r on r.person = p.id
		left join lateral (select e.* from entry_code e where e.conference = in_conference and e.person = p.id
			order by e.generation desc limit 1) e on true
		left join admission a on a.conference = in_conference and a.list = in_list and a.person = p.id and a.undone is null
		left join scan x on x.scan_id = a.scan
		left join station s on s.id = x.station
		left join person w on w.id = x.staff
	), beside as (
		-- Of the same name: what tells them apart.
		select h.*, count(*) over same > 1 as namesake,
			min(coalesce(h.organisation, '')) over same <> max(coalesce(h.organisation, '')) over same as by_organisation,
			min(coalesce(h.category::text, '')) over same <> max(coalesce(h.category::text, '')) over same as by_category,
			min(h.mode) over same <> max(h.mode) over same as by_mode,
			min(coalesce(h.at::text, '')) over same <> max(coalesce(h.at::text, '')) over same as by_came
		from hits h
		window same as (partition by h.called)
	)
	select json_strip_nulls(json_build_object('person', b.id, 'name', b.name, 'organisation', b.organisation,
			'category', case when (b.cat).id is not null then json_build_object('id', (b.cat).id, 'name', (b.cat).name, 'color', (b.cat).color) end,
			'mode', b.mode, 'mail', mail_hint(b.email), 'cancelled', nullif(coalesce(b.cancelled, false), false),
			'ticket', case when b.coded then b.ticket else 'none' end,
			'came', case when b.at is not null then json_build_object('at', iso(b.at), 'station', b.station, 'left', iso(b.left_at)) end,
			'differs', case when b.namesake then array_to_json(array_remove(array['code', 'mail',
				case when b.by_organisation then 'organisation' end, case when b.by_category then 'category' end,
				case when b.by_mode then 'mode' end, case when b.by_came then 'came' end], null)) end)),
		b.sealed, cardinality(found) > 8, null::text
	from beside b
	-- Namesakes stand side by side, where the first of them stands.
	order by min(b.ord) over (partition by b.called), b.ord;
end $$;

-- Before somebody found by name is let in: who did it, and what they asked besides the name. Their newest code, which is then judged like one
-- that was scanned; who has none gets the one that was brought along.
create or replace function door_by_name(in_conference uuid, in_station uuid, in_staff uuid, in_list uuid, in_person uuid, in_scan uuid,
	in_second text, in_lookup bytea, in_row_key bytea, in_sealed bytea)
returns table (sealed bytea, fault text)
language plpgsql as $$
#variable_conflict use_column
declare
	newest int;
begin
	fault := desk_refusal(in_conference, in_station, in_list);
	if fault is null then
		-- One at a time: two desks must not both make the first code.
		perform from person p where p.conference = in_conference and p.id = in_person for no key update;
		if not found then
			fault := 'not_found';
		end if;
	end if;
	if fault is not null then
		return next;
		return;
	end if;
	insert into door_named (scan, conference, person, station, staff, second, at)
	values (in_scan, in_conference, in_person, in_station, in_staff, in_second, plenum_now(in_conference))
	on conflict on constraint door_named_once do nothing;
	if not exists (select from door_named n where n.scan = in_scan and n.conference = in_conference and n.person = in_person) then
		fault := 'key.reused';
		return next;
		return;
	end if;
	select e.sealed, e.generation into sealed, newest from entry_code e
	where e.conference = in_conference and e.person = in_person order by e.generation desc limit 1;
	if sealed is null then
		insert into entry_code (conference, person, generation, lookup, row_key, sealed)
		values (in_conference, in_person, coalesce(newest, 0) + 1, in_lookup, in_row_key, in_sealed);
		perform channel_append(in_conference, door_events(in_conference, array[in_person]));
		sealed := in_sealed;
	end if;
	return next;
end $$;

-- The one judgement of the door: who may come in through which list when. web/kiosk/judge.js says the same without a network;
-- tests/vectors/door.json is what both are held against.

-- The windows of a list's rules as instants: wall times of the conference's zone, on each of its days and one before and after. One that
-- the clocks skip is empty and still counts as a rule.
create or replace function door_windows(in_list uuid)
returns table (category uuid, opens timestamptz, closes timestamptz)
language sql stable rows 20 as $$
	select r.category, w.opens, greatest(w.opens, w.closes)
	from checkin_list l
	join conference c on c.id = l.conference
	join list_rule r on r.list = l.id
	cross join lateral generate_series(coalesce(r.day, c.starts - 1)::timestamp, coalesce(r.day, c.ends + 1)::timestamp,
		interval '1 day') d
	cross join lateral (select (d + coalesce(r.opens, time '00:00')) at time zone c.zone as opens,
		(d + coalesce(r.until, time '00:00') + case when coalesce(r.until > r.opens, false) then interval '0' else interval '1 day' end)
			at time zone c.zone as closes) w
	where l.id = in_list
	order by w.opens, w.closes, r.category
$$;

-- The same as what stations are given: [{category, opens, closes}].
create or replace function door_rules(in_list uuid) returns json
language sql stable as $$
	select coalesce(json_agg(json_build_object('category', w.category, 'opens', iso(w.opens), 'closes', iso(w.closes))), '[]')
	from door_windows(in_list) w
$$;

-- Rules alone, at one moment. Null: they let pass. Three arrays of one length: whose window (null: everybody's), from when, until when.
create or replace function door_rule(in_opens timestamptz, in_closes timestamptz, in_whose uuid[], in_from timestamptz[],
	in_until timestamptz[], in_category uuid, in_at timestamptz)
returns text
language plpgsql immutable parallel safe as $$
declare
	mine boolean := false;
	ahead boolean := false;
begin
	if in_at < in_opens then
		return 'not_yet';
	elsif in_at >= in_closes then
		return 'expired';
	elsif coalesce(cardinality(in_whose), 0) = 0 then
		return null;
	end if;
	for i in 1 .. cardinality(in_whose) loop
		if in_whose[i] is null or in_whose[i] = in_category then
			if in_at >= in_from[i] and in_at < in_until[i] then
				return null;
			end if;
			mine := true;
			ahead := ahead or in_from[i] > in_at;
		end if;
	end loop;
	return case when not mine then 'wrong_category' when ahead then 'not_yet' else 'expired' end;
end $$;

-- Pure: everything it looks at is given. Order (design): what the code is; the way out; what the ticket has become; whether its owner is in;
-- when and whom the list lets in; whether the owner comes at all. Within in_doubt of a boundary nobody knows: 'ask'.
create or replace function door_reason(in_status text, in_inside boolean, in_mode text, in_category uuid, in_direction text,
	in_opens timestamptz, in_closes timestamptz, in_whose uuid[], in_from timestamptz[], in_until timestamptz[],
	in_at timestamptz, in_doubt interval default interval '0', out verdict text, out reason text)
language plpgsql immutable parallel safe as $$
declare
	early text;
	late text;
begin
	if in_status in ('malformed', 'unknown', 'wrong_event') then
		reason := in_status;
	elsif in_direction = 'exit' then
		-- Whoever wants to leave may.
		null;
	elsif in_status in ('revoked', 'superseded') then
		reason := in_status;
	elsif in_inside then
		reason := 'duplicate';
	else
		if in_opens is not null or in_closes is not null or cardinality(in_whose) > 0 then
			reason := door_rule(in_opens, in_closes, in_whose, in_from, in_until, in_category, in_at);
			if in_doubt > interval '0' then
				early := door_rule(in_opens, in_closes, in_whose, in_from, in_until, in_category, in_at - in_doubt);
				late := door_rule(in_opens, in_closes, in_whose, in_from, in_until, in_category, in_at + in_doubt);
				if (reason is null) <> (early is null) or (reason is null) <> (late is null) then
					verdict := 'ask';
					reason := coalesce(reason, early, late);
				end if;
			end if;
		end if;
		if in_mode = 'online' and (reason is null or verdict = 'ask') then
			verdict := null;
			reason := 'wrong_mode';
		end if;
	end if;
	verdict := coalesce(verdict, case when reason is null then 'admitted' else 'refused' end);
end $$;

-- When to come instead: the next window that lets this category in, within the list's own times.
create or replace function door_next(in_opens timestamptz, in_closes timestamptz, in_whose uuid[], in_from timestamptz[],
	in_until timestamptz[], in_category uuid, in_at timestamptz)
returns json
language sql immutable parallel safe as $$
	select case when coalesce(cardinality(in_whose), 0) = 0 then
		case when in_at < in_opens then json_build_object('opens', iso(in_opens), 'closes', iso(in_closes)) end
	else (select json_build_object('opens', iso(greatest(w.f, in_opens)), 'closes', iso(least(w.u, in_closes)))
		from unnest(in_whose, in_from, in_until) as w(whose, f, u)
		where (w.whose is null or w.whose = in_category) and w.u > w.f and w.u > coalesce(in_opens, '-infinity')
			and w.f < coalesce(in_closes, 'infinity') and greatest(w.f, in_opens) > in_at
		order by greatest(w.f, in_opens), w.u limit 1) end
$$;

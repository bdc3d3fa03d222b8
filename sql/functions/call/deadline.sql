-- Deadlines of the call: what was announced, made an instant once, and judged by when an upload began (decision 34).

-- What a clock in that zone calls its time at that instant, and how far from UTC it is.
create or replace function zone_label(in_zone text, in_at timestamptz, out label text, out seconds int)
language plpgsql volatile as $$
declare
	before text := current_setting('timezone');
begin
	perform set_config('timezone', in_zone, true);
	label := to_char(in_at, 'TZ');
	seconds := extract(timezone from in_at);
	perform set_config('timezone', before, true);
end $$;

-- Whether the announced label is the truth: the zone's own abbreviation on that date, or an offset in figures. CET in April is not.
create or replace function zone_label_true(in_label text, is_label text, is_seconds int) returns boolean
language sql immutable as $$
	select upper(btrim(in_label)) = upper(is_label)
		or (upper(btrim(in_label)) in ('UTC', 'GMT') and is_seconds = 0)
		or (upper(btrim(in_label)) = 'AOE' and is_seconds = -43200)
		or coalesce((select (case f[1] when '-' then -1 else 1 end)
				* (f[2]::int * 3600 + coalesce(nullif(f[3], '')::int, 0) * 60) = is_seconds
			from regexp_match(upper(btrim(in_label)), '^(?:UTC|GMT) ?([+-])(\d{1,2}):?(\d{2})?$') f), false)
$$;

-- Wall text, label and zone → the instant. Text the clocks show twice is decided by the label. Faults: call.label, time.missing,
-- time.ambiguous, bad_request.
create or replace function call_instant(in_text text, in_label text, in_zone text, in_field text,
	out at timestamptz, out fault text, out current json)
language plpgsql volatile as $$
declare
	found record;
	one record;
	candidate timestamptz;
	candidates timestamptz[];
begin
	if in_text !~ '^\d{4}-\d\d-\d\d[ T]\d\d:\d\d$'
		or not exists (select from pg_timezone_names z where z.name = in_zone and z.name !~ '^(posix|right)')
	then
		fault := 'bad_request';
		current := json_build_object('field', in_field);
		return;
	end if;
	select * into found from local_instant(in_zone, in_text);
	if found.fault = 'time.missing' then
		fault := found.fault;
		current := found.current::jsonb || jsonb_build_object('field', in_field);
		return;
	end if;
	candidates := case when found.fault is null then array[found.at]
		else array(select x::timestamptz from json_array_elements_text(found.current -> 'instants') x) end;
	foreach candidate in array candidates loop
		select * into one from zone_label(in_zone, candidate);
		if zone_label_true(in_label, one.label, one.seconds) then
			at := candidate;
			return;
		end if;
	end loop;
	fault := 'call.label';
	current := json_build_object('field', in_field, 'label', in_label, 'zone', in_zone, 'is', one.label, 'offset_s', one.seconds,
		'at', iso(candidates[1]));
end $$;

-- Conference time at which an upload began. It may take two minutes at most: whoever opens one early and finishes late is late.
create or replace function call_received(in_conference uuid, in_ms bigint) returns timestamptz
language sql stable as $$
	select greatest(least(coalesce(to_timestamp(in_ms / 1000.0), now()), now()), now() - interval '2 minutes')
		+ (select clock_offset from conference where id = in_conference)
$$;

-- The fault that keeps somebody's upload out, or null. The end itself is still in time, and so is what comes within the grace behind it.
create or replace function call_gate(in_conference uuid, in_email text, in_received timestamptz) returns text
language plpgsql stable as $$
begin
	return coalesce((select case when in_received < c.opens then 'call.not_open'
			when in_received > greatest(c.closes, l.until) + c.grace then 'call.closed' else '' end
		from call c left join call_late l on l.conference = c.conference and l.email = in_email
		where c.conference = in_conference), 'call.not_open');
end $$;

-- What people are told of it: grace is closed.
create or replace function call_state(c call, in_at timestamptz) returns text
language sql immutable as $$
	select case when in_at < c.opens then 'before' when in_at <= c.closes then 'open' else 'closed' end
$$;

create or replace function call_when(in_text text, in_label text, in_zone text, in_at timestamptz) returns json
language sql immutable as $$
	select json_build_object('text', in_text, 'label', in_label, 'zone', in_zone, 'at', iso(in_at))
$$;

-- Whether an address nobody has may become a person: while abstracts are taken from it. (Open registration adds itself here.)
create or replace function people_may_join(in_conference uuid, in_email text) returns boolean
language plpgsql stable as $$
begin
	return call_gate(in_conference, in_email, plenum_now(in_conference)) = '' or registration_takes_new(in_conference);
end $$;

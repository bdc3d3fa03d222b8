-- Time zones for pages: the offsets in force over a span, from PostgreSQL's own data, so that no browser's tables decide.

-- A name of the zone database; timezone() alone would also take POSIX rules and abbreviations.
create or replace function zone_known(in_zone text) returns boolean
language plpgsql stable as $$
begin
	if in_zone !~ '^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$'
		or in_zone !~ '/' and in_zone not in ('UTC', 'GMT') and not exists (select from pg_timezone_names where name = in_zone)
	then
		return false;
	end if;
	perform timezone(in_zone, now());
	return true;
exception when invalid_parameter_value then
	return false;
end $$;

create or replace function zone_seconds(in_zone text, in_at timestamptz) returns int
language sql stable as $$
	select extract(epoch from timezone(in_zone, in_at) - timezone('UTC', in_at))::int
$$;

-- [{from, seconds, name}]: the first is what is in force at in_from. Changes are found by days and then by minutes.
create or replace function zone_offsets(in_zone text, in_from timestamptz, in_to timestamptz) returns json
language plpgsql stable as $$
declare
	session_zone text := current_setting('TimeZone');
	result json;
begin
	-- to_char knows abbreviations of the session's zone only.
	perform set_config('TimeZone', in_zone, true);
	with days as materialized (
		select d, zone_seconds(in_zone, d) as seconds
		from generate_series(in_from, in_to + interval '24 hours', interval '24 hours') d
	), steps as (
		select d, lag(d) over (order by d) as before, seconds, lag(seconds) over (order by d) as was from days
	), changes as (
		select in_from as at
		union all
		select (select min(m) from generate_series(date_bin('1 minute', s.before, '2000-01-01Z'), s.d, interval '1 minute') m
			where zone_seconds(in_zone, m) <> s.was)
		from steps s where s.seconds <> s.was
	)
	select json_agg(json_build_object('from', iso(at), 'seconds', zone_seconds(in_zone, at), 'name', to_char(at, 'TZ'))
		order by at) into result
	from changes where at <= in_to;
	perform set_config('TimeZone', session_zone, true);
	return result;
end $$;

-- The conference's own zone over its programme and two days around it.
create or replace function conference_offsets(in_conference uuid) returns json
language sql stable as $$
	select zone_offsets(k.zone, least(s.first, k.starts::timestamp at time zone k.zone) - interval '2 days',
		greatest(s.last, (k.ends + 1)::timestamp at time zone k.zone) + interval '2 days')
	from conference k, (select min(lower(during)) as first, max(upper(during)) as last from published
		where conference = in_conference) s
	where k.id = in_conference
$$;

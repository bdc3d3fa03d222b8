-- Local times as schedule files write them: with the offset that is right at that instant.

-- wall: local time in zone. exact: the instant itself, where it is known; a wall time alone may exist twice.
create or replace function iso_local(wall timestamp, zone text, exact timestamptz default null) returns text
language sql stable as $$
	select to_char(wall, 'YYYY-MM-DD"T"HH24:MI:SS') || case when minutes < 0 then '-' else '+' end
		|| to_char(abs(minutes) / 60, 'FM00') || ':' || to_char(abs(minutes) % 60, 'FM00')
	from (select (extract(epoch from wall - coalesce(exact, wall at time zone zone) at time zone 'UTC') / 60)::int
		as minutes) x
$$;

-- A programme's day ends at four in the morning: what starts at one belongs to the evening before.
create or replace function frab_day(at timestamptz, zone text) returns date
language sql stable as $$
	select ((at at time zone zone) - interval '4 hours')::date
$$;

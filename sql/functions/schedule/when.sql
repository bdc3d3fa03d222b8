-- Times as organisers give them: an instant with its offset, or what the clocks of the conference's zone show.

-- A wall time that the zone's clocks show twice that day is time.ambiguous, one that they skip time.missing; current has the instants it
-- may have been meant to be. Whatever offset is right is one in force between 15 hours before and 13 hours after the same figures in UTC.
create or replace function local_instant(in_zone text, in_text text, out at timestamptz, out fault text, out current json)
language plpgsql stable as $$
declare
	wall timestamp;
	tried timestamptz[];
	fitting timestamptz[];
begin
	if in_text is null then
		return;
	end if;
	if in_text ~ '(Z|[+-]\d\d:\d\d)$' then
		at := in_text;
		return;
	end if;
	wall := in_text;
	select array_agg(distinct x.c order by x.c), array_agg(distinct x.c order by x.c) filter (where x.c at time zone in_zone = wall)
	into tried, fitting
	from (select (wall - (u at time zone in_zone - u at time zone 'UTC')) at time zone 'UTC' as c
		from unnest(array[wall at time zone 'UTC' - interval '15 hours', wall at time zone 'UTC' + interval '13 hours']) u) x;
	if cardinality(fitting) = 1 then
		at := fitting[1];
		return;
	end if;
	fault := case when fitting is null then 'time.missing' else 'time.ambiguous' end;
	select json_build_object('wall', to_char(wall, 'YYYY-MM-DD"T"HH24:MI:SS'), 'zone', in_zone,
		'instants', json_agg(iso(c) order by c)) into current from unnest(coalesce(fitting, tried)) c;
end $$;

-- Both ends of a slot; current says which of them was meant.
create or replace function draft_times(in_conference uuid, in_start text, in_end text,
	out starts timestamptz, out ends timestamptz, out fault text, out current json)
language plpgsql stable as $$
declare
	zone_name text := (select zone from conference where id = in_conference);
	one record;
begin
	select * into one from local_instant(zone_name, in_start);
	starts := one.at;
	if one.fault is not null then
		fault := one.fault;
		current := one.current::jsonb || '{"field":"start"}';
		return;
	end if;
	select * into one from local_instant(zone_name, in_end);
	ends := one.at;
	if one.fault is not null then
		fault := one.fault;
		current := one.current::jsonb || '{"field":"end"}';
	end if;
end $$;

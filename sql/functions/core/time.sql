-- Conference time: what the programme, its windows and its doors go by (architecture §8). Real time is now().
create or replace function plenum_now(in_conference uuid) returns timestamptz
language plpgsql stable parallel safe as $$
begin
	return (select now() + clock_offset from conference where id = in_conference);
end $$;

-- Instants on the wire: UTC, milliseconds, Z.
create or replace function iso(at timestamptz) returns text
language plpgsql immutable parallel safe as $$
begin
	return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
end $$;

-- Which history a cursor belongs to: this cluster, this timeline, this restore.
create or replace function epoch() returns text
language sql stable as $$
	select to_hex(s.system_identifier) || '-' || c.timeline_id || '-' || r.value
	from pg_control_system() s, pg_control_checkpoint() c, restore_counter r
$$;

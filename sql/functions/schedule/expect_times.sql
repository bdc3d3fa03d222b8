-- Expected times of one room, as a pure function: decision 18. Nothing here reads a table.

-- How long a slot that nobody ended may push the others: half its length, between 10 and 20 minutes.
create or replace function expect_bound(length interval) returns interval
language sql immutable parallel safe as $$
	select greatest(interval '10 minutes', least(interval '20 minutes', length / 2))
$$;

-- items: the slots of one room in the order of coalesce(started, starts), then starts, then slot. Comes back in that order. deficit_s: how
-- far what ran before reaches into this anchor, which stays where it is.
create or replace function expect_times(items expect_item[], at timestamptz)
returns table (slot uuid, starts timestamptz, ends timestamptz, assumed boolean, unconfirmed boolean, deficit_s int)
language plpgsql immutable parallel safe as $$
#variable_conflict use_variable
declare
	grace constant interval := '3 minutes';
	minute constant interval := '1 minute';
	almost constant interval := '59.999999 seconds';
	n int := 0;
	-- Of what came before in the chain: when the room is free, whether somebody is known to be talking there.
	free timestamptz := '-infinity';
	held boolean := false;
	r expect_item;
	length interval;
	s timestamptz;
	e timestamptz;
	is_assumed boolean;
	is_open boolean;
	short int;
	j int;
	kinds int[];
	all_slots uuid[];
	all_starts timestamptz[];
	all_ends timestamptz[];
	all_assumed boolean[];
	all_open boolean[];
	all_short int[];
begin
	foreach r in array items loop
		n := n + 1;
		is_assumed := false;
		is_open := false;
		short := null;
		s := r.starts;
		e := r.ends;
		if not r.cancelled then
			length := e - s;
			if r.started is not null then
				s := r.started;
			elsif not r.loose then
				if free > s then
					if not r.anchor then
						s := date_bin(minute, free + almost, '2000-01-01Z');
					elsif free > at then
						short := ceil(extract(epoch from free - s));
					end if;
				end if;
				is_assumed := at >= s + grace and not (held and r.anchor);
			else
				is_assumed := at >= s + grace;
			end if;

			if r.ended is not null then
				e := greatest(s, r.ended);
			else
				if r.min_s is not null then
					length := least(length, make_interval(secs => r.min_s));
				end if;
				e := greatest(e, s + length);
				if r.added <> 0 then
					e := greatest(s, e + make_interval(secs => r.added));
				end if;
				if r.started is not null and e <= at then
					is_open := at >= e + expect_bound(r.ends - r.starts);
					if not is_open then
						e := date_bin(minute, at, e) + minute;
					end if;
				end if;
			end if;

			if not r.loose then
				free := e;
				held := r.started is not null and r.ended is null and not is_open;
				-- What comes before something that has begun, or that does not move, ends there at the latest.
				if r.anchor or r.started is not null then
					j := n - 1;
					while j > 0 loop
						if kinds[j] < 2 then
							exit when all_ends[j] <= s and (kinds[j] = 1 or r.started is null);
							if all_ends[j] > s then
								all_ends[j] := s;
								if all_starts[j] > s then
									all_starts[j] := s;
								end if;
							end if;
							if r.started is not null then
								all_open[j] := false;
								if kinds[j] = 0 then
									all_assumed[j] := true;
								end if;
							end if;
						end if;
						j := j - 1;
					end loop;
				end if;
			end if;
		end if;
		-- 0 has not begun, 1 has, 2 stands outside the chain.
		kinds[n] := case when r.cancelled or r.loose then 2 when r.started is null then 0 else 1 end;
		all_slots[n] := r.slot;
		all_starts[n] := s;
		all_ends[n] := e;
		all_assumed[n] := is_assumed;
		all_open[n] := is_open;
		all_short[n] := short;
	end loop;
	for j in 1..n loop
		slot := all_slots[j];
		starts := all_starts[j];
		ends := all_ends[j];
		assumed := all_assumed[j];
		unconfirmed := all_open[j];
		deficit_s := all_short[j];
		return next;
	end loop;
end $$;

-- Expected times of one room, as a pure function: decision 18. Nothing here reads a table.

-- How long a slot that nobody ended may push the others: half its length, between 10 and 20 minutes.
create or replace function expect_bound(length interval) returns interval
language sql immutable parallel safe as $$
	select greatest(interval '10 minutes', least(interval '20 minutes', length / 2))
$$;

-- The walk through a room's slots; what comes out stands in the places of what goes in. Few and plain statements: sixty rooms are walked
-- in a few milliseconds.
create or replace function expect_walk(items expect_item[], at timestamptz, out slots uuid[], out starts timestamptz[],
	out ends timestamptz[], out assumed boolean[], out unconfirmed boolean[], out deficit_s int[])
language plpgsql immutable parallel safe as $$
#variable_conflict use_variable
declare
	n int := 0;
	late constant timestamptz := at - interval '3 minutes';
	-- Of what came before in the chain: when the room is free, and whether somebody is known to be talking there.
	free timestamptz := '-infinity';
	held boolean := false;
	r expect_item;
	s timestamptz;
	e timestamptz;
	waits boolean;
	is_open boolean;
	short int;
	j int;
	-- 0 has not begun, 1 has, 2 stands outside the chain.
	kinds int[];
begin
	unconfirmed := array_fill(false, array[cardinality(items)]);
	deficit_s := array_fill(null::int, array[cardinality(items)]);
	foreach r in array items loop
		n := n + 1;
		slots[n] := r.slot;
		s := r.starts;
		e := r.ends;
		if r.started is null and r.added = 0 and free <= s and not r.loose and not r.cancelled then
			kinds[n] := 0;
			starts[n] := s;
			ends[n] := e;
			assumed[n] := s <= late;
			free := e;
			held := false;
			continue;
		end if;

		waits := r.started is null;
		is_open := false;
		short := null;
		if not r.cancelled then
			if not waits then
				s := r.started;
			elsif free > s and not r.loose then
				if not r.anchor then
					s := date_bin('1 minute', free + interval '59.999999 seconds', '2000-01-01Z');
				elsif free > at then
					short := ceil(extract(epoch from free - s));
				end if;
			end if;
			if r.ended is not null then
				e := greatest(s, r.ended);
			else
				-- Held quite before its time, it is over before that; a little early, it has its planned end.
				if s + (e - r.starts) <= r.starts then
					e := s + (e - r.starts);
				end if;
				e := greatest(e, s + least(r.ends - r.starts, make_interval(secs => r.min_s)));
				if r.added <> 0 then
					e := greatest(s, e + make_interval(secs => r.added));
				end if;
				if e <= at and not waits then
					is_open := at >= e + expect_bound(r.ends - r.starts);
					if not is_open then
						e := date_bin('1 minute', at, e) + interval '1 minute';
					end if;
				end if;
			end if;
		end if;
		kinds[n] := case when r.cancelled or r.loose then 2 when waits then 0 else 1 end;
		starts[n] := s;
		ends[n] := e;
		assumed[n] := waits and not r.cancelled and s <= late and not (held and r.anchor and not r.loose);
		unconfirmed[n] := is_open;
		deficit_s[n] := short;
		continue when kinds[n] = 2;
		free := e;
		held := not waits and r.ended is null and not is_open;

		-- What comes before something that has begun, or that does not move, ends there at the latest. What waited before something that
		-- has begun does not wait any more.
		if not waits or r.anchor then
			j := n - 1;
			while j > 0 loop
				if kinds[j] < 2 then
					exit when ends[j] <= s and (kinds[j] = 1 or waits);
					ends[j] := least(ends[j], s);
					starts[j] := least(starts[j], s);
					if not waits and kinds[j] = 0 then
						assumed[j] := true;
					end if;
				end if;
				j := j - 1;
			end loop;
		end if;
	end loop;
end $$;

-- items: the slots of one room in the order of coalesce(started, starts), then starts, then slot. Comes back in that order. deficit_s: how
-- far what ran before reaches into this anchor, which stays where it is.
create or replace function expect_times(items expect_item[], at timestamptz)
returns table (slot uuid, starts timestamptz, ends timestamptz, assumed boolean, unconfirmed boolean, deficit_s int)
language sql immutable parallel safe as $$
	select w.slots[i], w.starts[i], w.ends[i], w.assumed[i], w.unconfirmed[i], w.deficit_s[i]
	from expect_walk(items, at) w cross join lateral generate_subscripts(w.starts, 1) i
$$;

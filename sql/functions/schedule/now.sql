-- What is on in each room and what comes next, by expected times: the result of now.get and the data of now.changed.

-- On is what somebody started; else what is expected to be on; else, for two hours, what nobody has confirmed to be over.
create or replace function now_places(in_conference uuid, in_room uuid default null)
returns table (room uuid, now_slot uuid, next_slot uuid)
language sql stable as $$
	with clock as materialized (
		select plenum_now(in_conference) as at
	), open as materialized (
		select p.slot, p.room, p.started, coalesce(x.starts, lower(p.during)) as starts,
			coalesce(x.ends, upper(p.during)) as ends, coalesce(x.unconfirmed, false) as unconfirmed,
			coalesce(x.assumed, false) as assumed
		from published p left join expected x on x.slot = p.slot, clock
		where p.conference = in_conference and (in_room is null or p.room = in_room) and not p.cancelled and p.ended is null
			and (coalesce(x.ends, upper(p.during)) > clock.at - interval '2 hours' or p.started is not null and not coalesce(x.unconfirmed, false))
	), present as (
		select distinct on (o.room) o.*
		from open o, clock
		where o.started is not null or o.starts <= clock.at and o.ends > clock.at
		order by o.room, case when o.started is not null and not o.unconfirmed then 0
			when o.starts <= clock.at and o.ends > clock.at then 1 else 2 end, o.started desc nulls last, o.starts desc, o.slot
	), coming as (
		select distinct on (o.room) o.*
		from open o cross join clock left join present n on n.room = o.room
		where o.started is null and not o.assumed and o.ends > clock.at and o.slot is distinct from n.slot
		order by o.room, o.starts, o.slot
	)
	select coalesce(n.room, c.room), n.slot, c.slot
	from present n full join coming c on c.room = n.room
$$;

create or replace function now_slot_json(in_slot uuid) returns json
language sql stable as $$
	select (json_strip_nulls(json_build_object(
		'slot', p.slot, 'session', p.session, 'title', p.content ->> 'title',
		'start', iso(lower(p.during)), 'end', iso(upper(p.during)),
		'expected_start', iso(nullif(x.starts, lower(p.during))), 'expected_end', iso(nullif(x.ends, upper(p.during))),
		'assumed', case when x.assumed then true end, 'unconfirmed', case when x.unconfirmed then true end,
		'state', case when p.started is null then 'planned' else 'running' end))::jsonb || jsonb_build_object('talk', (
			select json_strip_nulls(json_build_object('id', t.id, 'title', coalesce(
				(select x ->> 'title' from jsonb_array_elements(p.content -> 'talks') x
				where x ->> 'id' = t.id::text), p.content ->> 'title'), 'paused', case when t.halted is not null then true end))
			from talk t where t.session = p.session and t.started is not null and t.ended is null
			order by t.started desc, t.ord limit 1)))::json
	from published p left join expected x on x.slot = p.slot
	where p.slot = in_slot
$$;

create or replace function now_document(in_conference uuid, in_room uuid default null) returns json
language sql stable as $$
	select json_build_object('time', iso(plenum_now(in_conference)), 'rooms', coalesce(json_agg(json_build_object(
			'room', r.room, 'name', r.name, 'now', now_slot_json(n.now_slot), 'next', now_slot_json(n.next_slot))
			order by r.ord, r.name), '[]'))
	from release_rooms(in_conference) r left join now_places(in_conference, in_room) n on n.room = r.room
	where in_room is null or r.room = in_room
$$;

-- Adds now.changed to what is told, unless it is among it.
create or replace function now_told(in_conference uuid, evs ev[]) returns ev[]
language sql stable as $$
	select case when exists (select from unnest(evs) e where e.type = 'now.changed') then evs
		else evs || now_changed(in_conference) end
$$;

-- The event after a change; now_filled() writes its document.
create or replace function now_changed(in_conference uuid) returns ev
language sql stable as $$
	select row('now', 'now.changed', '{}')::ev
$$;

-- The document is of all rooms, and each room is changed by somebody else: so it is written when the channel's lock is held, and whoever was
-- first is in it. An event holds 16 KiB: with very many rooms it says only that there is something to fetch.
create or replace function now_filled(in_conference uuid, evs ev[]) returns ev[]
language sql stable as $$
	select array(select case when e.type = 'now.changed' then row('now', e.type, case when octet_length(d::text) <= 16000 then d
			else json_build_object('time', d ->> 'time', 'rooms', '[]'::json, 'refetch', true) end)::ev
		else row(e.channel, e.type, e.data)::ev end from unnest(evs) with ordinality as e(channel, type, data, n) order by e.n)
	from now_document(in_conference) d
$$;

-- What is on in each room and what comes next, by the conference's clock: the result of now.get and the data of now.changed.
create or replace function now_document(in_conference uuid, in_room uuid default null) returns json
language sql stable as $$
	with clock as materialized (
		select plenum_now(in_conference) as at
	), open as (
		select p.slot, p.session, p.room, p.during, p.started
		from published p, clock
		where p.conference = in_conference and not p.cancelled and p.ended is null
			and upper(p.during) > clock.at - interval '2 hours'
	), present as (
		-- One that runs over its time stays until it is ended, or two hours: nobody may have pressed the button.
		select distinct on (o.room) o.*
		from open o, clock
		where o.started is not null or o.during @> clock.at
		order by o.room, o.started desc nulls last, lower(o.during) desc, o.slot
	), coming as (
		select distinct on (o.room) o.*
		from open o cross join clock left join present n on n.room = o.room
		where o.started is null and upper(o.during) > clock.at and o.slot is distinct from n.slot
		order by o.room, lower(o.during), o.slot
	), shown as (
		select o.which, o.room, json_build_object(
			'slot', o.slot, 'session', o.session, 'title', p.content ->> 'title',
			'start', iso(lower(o.during)), 'end', iso(upper(o.during)),
			'state', case when o.started is null then 'planned' else 'running' end,
			'talk', (
				select json_build_object('id', t.id, 'title', coalesce(
					(select x ->> 'title' from jsonb_array_elements(p.content -> 'talks') x
					where x ->> 'id' = t.id::text), p.content ->> 'title'))
				from talk t where t.session = o.session and t.started is not null and t.ended is null
				order by t.started desc, t.ord limit 1)) as slot
		from (select 'now' as which, * from present union all select 'next', * from coming) o
			join published p on p.slot = o.slot
	)
	select json_build_object('time', iso((select at from clock)), 'rooms', coalesce(json_agg(json_build_object(
			'room', r.id, 'name', r.name,
			'now', (select slot from shown where which = 'now' and room = r.id),
			'next', (select slot from shown where which = 'next' and room = r.id)) order by r.ord, r.name), '[]'))
	from room r
	where r.conference = in_conference and (in_room is null or r.id = in_room)
$$;

-- The event after a change. An event holds 16 KiB: with very many rooms it says only that there is something to fetch.
create or replace function now_changed(in_conference uuid) returns ev
language sql stable as $$
	select row('now', 'now.changed', case when octet_length(d::text) <= 16000 then d
		else json_build_object('time', d ->> 'time', 'rooms', '[]'::json, 'refetch', true) end)::ev
	from now_document(in_conference) d
$$;

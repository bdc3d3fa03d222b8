-- The end of every write: events into the log under the channel locks, positions out, the reply kept (architecture §4).

-- Appends events; one row each, in the order given. The channel locks are the last ones a transaction takes, in id order.
create or replace function channel_append(in_conference uuid, evs ev[])
returns table (ord bigint, channel text, "position" bigint)
language plpgsql as $$
#variable_conflict use_column
begin
	insert into channel (conference, name)
	select distinct in_conference, e.channel from unnest(evs) as e
	where not exists (select from channel c where c.conference = in_conference and c.name = e.channel)
	order by 2
	on conflict on constraint channel_once do nothing;

	perform from channel c
	where c.conference = in_conference and c.name in (select e.channel from unnest(evs) as e)
	order by c.id for update;
	if exists (select from unnest(evs) e where e.type = 'now.changed') then
		evs := now_filled(in_conference, evs);
	end if;

	return query
	with e as (
		select u.ord, u.channel, u.type, u.data,
			row_number() over (partition by u.channel order by u.ord) as n
		from unnest(evs) with ordinality as u(channel, type, data, ord)
	), raised as (
		update channel c set head = c.head + x.n
		from (select e.channel, max(e.n) as n from e group by e.channel) x
		where c.conference = in_conference and c.name = x.channel
		returning c.id, c.name, c.head - x.n as base
	), stored as (
		insert into channel_event (channel, position, type, data)
		select r.id, r.base + e.n, e.type, e.data from e join raised r on r.name = e.channel
	)
	select e.ord, e.channel, r.base + e.n from e join raised r on r.name = e.channel;
end $$;

-- Adds "positions" to a reply that is a JSON object.
create or replace function with_positions(result json, positions json) returns text
language sql immutable as $$
	select case when r = '{}' then '{"positions":' else left(r, -1) || ',"positions":' end
		|| coalesce(positions::text, '{}') || '}'
	from rtrim(result::text) as r
$$;

-- The last call of every keyed write: returns the bytes that answer it, now and on every repeat.
create or replace function write_done(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, result json, evs ev[])
returns text
language plpgsql as $$
declare
	positions json;
	body text;
begin
	if cardinality(evs) > 0 then
		select json_object_agg(a.channel, a.position) into positions
		from (select p.channel, max(p.position) as position
			from channel_append(in_conference, evs) p group by p.channel) a;
	end if;
	body := with_positions(result, positions);
	if in_key is not null and in_actor is not null then
		insert into reply (conference, person, key, body_hash, body)
		values (in_conference, in_actor, in_key, in_hash, body);
	end if;
	return body;
end $$;

-- For snapshots: where a channel stands. Read in the same statement as the state itself.
create or replace function channel_head(in_conference uuid, in_name text) returns bigint
language sql stable as $$
	select coalesce((select head from channel where conference = in_conference and name = in_name), 0)
$$;

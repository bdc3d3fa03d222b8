-- Calendar feeds: who may have one, which slots are in one, and since when it is as it is.

-- The sessions a person starred. Bound late: the table belongs to notices.
create or replace function feed_starred(in_person uuid) returns setof uuid
language plpgsql stable as $$
begin
	return query select s.session from star s where s.person = in_person;
end $$;

-- The one zone whose rules are frozen in the renderer.
create or replace function feed_zone_ok(in_conference uuid, in_time text) returns boolean
language sql stable as $$
	select in_time is distinct from 'venue' or zone = 'Europe/Copenhagen' from conference where id = in_conference
$$;

create or replace function feed_subject_ok(in_conference uuid, in_scope text, in_subject uuid) returns boolean
language sql stable as $$
	select case in_scope
		when 'room' then exists (select from room where id = in_subject and conference = in_conference)
		when 'track' then exists (select from track where id = in_subject and conference = in_conference)
		when 'speaker' then exists (select from speaker where id = in_subject and conference = in_conference)
		when 'slot' then exists (select from published where slot = in_subject and conference = in_conference)
		else in_subject is null end
$$;

-- Of a calendar that may be fetched: its slots in order of time, "slot:revision" with commas between. A cancelled one stays until a week
-- after it would have ended.
create or replace function feed_slots(in_conference uuid, in_scope text, in_subject uuid, in_person uuid, in_cancelled text)
returns text
language plpgsql stable as $$
declare
	instant timestamptz := plenum_now(in_conference);
	own jsonb;
	starred uuid[];
begin
	if in_scope = 'speaking' then
		own := coalesce((select jsonb_agg(id) from speaker where conference = in_conference and person = in_person), '[]');
	elsif in_scope = 'stars' then
		starred := array(select feed_starred(in_person));
	end if;
	return (select string_agg(p.slot || ':' || p.revision, ',' order by lower(p.during), p.slot)
		from published p
		where p.conference = in_conference
			and (not p.cancelled or in_cancelled = 'keep' and upper(p.during) + interval '7 days' > instant)
			and case in_scope
				when 'all' then true
				when 'slot' then p.slot = in_subject
				when 'room' then p.room = in_subject
				when 'track' then p.content -> 'track' ->> 'id' = in_subject::text
				when 'speaker' then p.content -> 'speakers' @> jsonb_build_array(jsonb_build_object('id', in_subject))
				when 'speaking' then exists (select from jsonb_array_elements(p.content -> 'speakers') x
					where own @> jsonb_build_array(x -> 'id'))
				when 'stars' then p.session = any (starred)
				else false end);
end $$;

-- Seconds on the conference's clock until a calendar changes by time alone: the polling interval, or a cancelled slot that leaves.
create or replace function feed_valid(in_conference uuid, opens timestamptz, closes timestamptz) returns int
language sql stable as $$
	select coalesce(extract(epoch from min(x.at) - plenum_now(in_conference))::int + 1, 86400)
	from (
		values (opens - interval '1 day'), (closes)
		union all
		select upper(during) + interval '7 days' from published where conference = in_conference and cancelled
	) x(at)
	where x.at > plenum_now(in_conference)
$$;

-- Since when a calendar is in this state. What is in it may go, and the instant still grows; at most one state a second, else the next
-- second is taken. in_after: never before that other one's.
create or replace function feed_stamped(in_conference uuid, in_name text, in_state text, in_after text default null) returns bigint
language sql as $$
	insert into feed_stamp as s (conference, name, state, modified)
	select in_conference, in_name, in_state, greatest(date_trunc('second', now()),
		(select modified + interval '1 second' from feed_stamp where conference = in_conference and name = in_after))
	on conflict on constraint feed_stamp_once do update set
		modified = case when s.state = excluded.state then s.modified
			else greatest(date_trunc('second', now()), s.modified + interval '1 second') end,
		state = excluded.state
	returning extract(epoch from modified)::bigint
$$;

create or replace function feed_make(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_token bytea, in_label text,
	in_scope text, in_of uuid, in_alarm int, in_cancelled text, in_time text, in_place text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	made uuid;
begin
	if not feed_subject_ok(in_conference, in_scope, in_of) then
		return query select null::text, case when in_of is null or in_scope in ('stars', 'speaking', 'all') then 'bad_request'
			else 'not_found' end, null::json;
		return;
	elsif not feed_zone_ok(in_conference, in_time) then
		return query select null::text, 'feed.zone', null::json;
		return;
	end if;
	-- One at a time for each person, so that two cannot pass the limit together.
	perform from person where id = in_actor for no key update;
	if (select count(*) from feed where person = in_actor and revoked is null) >= 50 then
		return query select null::text, 'feed.limit', null::json;
		return;
	end if;
	insert into feed (conference, person, label, scope, subject, alarm, cancelled, time, place)
	values (in_conference, in_actor, in_label, in_scope, in_of, in_alarm, coalesce(in_cancelled, 'keep'), coalesce(in_time, 'utc'),
		coalesce(in_place, 'room'))
	returning id into made;
	insert into feed_token (hash, feed) values (in_token, made);
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('feed', made), '{}'), null::text,
		null::json;
end $$;

-- Every worker forgets what it knows of the feed.
create or replace function feed_changed(in_feed uuid) returns ev
language sql stable as $$
	select row('worker', 'feed.changed', json_build_object('feed', in_feed))::ev
$$;

create or replace function feed_rotated(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_token bytea, in_feed uuid,
	in_hours int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	gone boolean;
begin
	select f.revoked is not null into gone from feed f where f.id = in_feed and f.person = in_actor for no key update;
	if gone is null or gone then
		return query select null::text, case when gone then 'feed.revoked' else 'not_found' end, null::json;
		return;
	end if;
	update feed_token set until = least(coalesce(until, 'infinity'), now() + make_interval(hours => in_hours)) where feed = in_feed;
	insert into feed_token (hash, feed) values (in_token, in_feed);
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('feed', in_feed),
		array[feed_changed(in_feed)]), null::text, null::json;
end $$;

-- A poll's life: draft → running → closed. Locks: the poll, its counts, then channels. A batch of votes holds the poll's row for share, so
-- each of these waits for the votes under way and finds them counted, and votes that come after it see what it made.

-- The talk of a session that a poll made now is for: the one that runs, else the first that has not ended, else the last.
create or replace function poll_talk(in_conference uuid, in_session uuid) returns uuid
language sql stable as $$
	select t.id from talk t where t.conference = in_conference and t.session = in_session
	order by (t.started is not null and t.ended is null) desc, t.ended is null desc,
		case when t.ended is null then t.ord else -t.ord end limit 1
$$;

-- Options whose words stay keep their ids; others get new ones: a vote for words that are gone is refused, never counted for others.
create or replace function poll_option_ids(in_texts text[], old_ids uuid[], old_texts text[]) returns uuid[]
language sql volatile as $$
	select array_agg(coalesce(o.id, gen_random_uuid()) order by n.ord)
	from unnest(in_texts) with ordinality as n(text, ord) left join unnest(old_ids, old_texts) as o(id, text) on o.text = n.text
$$;

create or replace function poll_reply(in_actor uuid, in_key uuid, in_hash bytea, p poll, evs ev[], noop boolean default false) returns text
language sql volatile as $$
	select write_done(p.conference, in_actor, in_key, in_hash, json_strip_nulls(json_build_object('poll', p.id, 'talk', p.talk,
		'state', p.state, 'version', p.version, 'noop', case when noop then true end)), evs)
$$;

create or replace function poll_create(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_poll uuid, in_talk uuid,
	in_session uuid, in_question text, in_options text[], in_kind text, in_results text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	made poll;
	of_talk uuid;
	free smallint;
begin
	select t.id into of_talk from talk t
	where t.conference = in_conference and t.id = coalesce(in_talk, poll_talk(in_conference, in_session)) for key share;
	if of_talk is null then
		return;
	elsif not poll_may(in_conference, in_actor, of_talk) then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	select n into free from generate_series(1, 40) n
	where not exists (select from poll p where p.talk = of_talk and p.nth = n) order by n limit 1;
	if free is null then
		return query select null::text, 'limit.size', null::json;
		return;
	end if;
	insert into poll (id, conference, talk, nth, question, kind, results, option_ids, option_texts, by_actor)
	values (in_poll, in_conference, of_talk, free, in_question, in_kind, in_results,
		poll_option_ids(in_options, '{}', '{}'), in_options, in_actor)
	returning * into made;
	return query select poll_reply(in_actor, in_key, in_hash, made, poll_events('poll.changed', made)), null::text, null::json;
end $$;

-- The row, locked, or the fault that keeps this actor from it. No row and no fault: no such poll.
create or replace function poll_hold(in_conference uuid, in_actor uuid, in_poll uuid, in_version int, out p poll, out fault text)
language plpgsql as $$
begin
	select * into p from poll x where x.conference = in_conference and x.id = in_poll for no key update;
	if p.id is null then
		return;
	end if;
	fault := case when not poll_may(in_conference, in_actor, p.talk) then 'denied' when p.version <> in_version then 'conflict' end;
end $$;

-- Null keeps what is there.
create or replace function poll_edit(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_poll uuid, in_version int,
	in_question text, in_options text[], in_kind text, in_results text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held record;
	was poll;
	made poll;
begin
	select * into held from poll_hold(in_conference, in_actor, in_poll, in_version);
	was := held.p;
	if was.id is null then
		return;
	elsif held.fault is not null or was.state = 'closed' then
		return query select null::text, coalesce(held.fault, 'poll.closed'), case when held.fault is distinct from 'denied' then poll_mod(was) end;
		return;
	end if;
	update poll x set question = coalesce(in_question, x.question), kind = coalesce(in_kind, x.kind),
		results = coalesce(in_results, x.results), version = x.version + 1,
		option_texts = coalesce(in_options, x.option_texts),
		option_ids = case when in_options is null then x.option_ids else poll_option_ids(in_options, x.option_ids, x.option_texts) end
	where x.id = in_poll returning * into made;
	if made.state = 'running' then
		perform poll_recount(made);
	end if;
	return query select poll_reply(in_actor, in_key, in_hash, made, poll_events('poll.changed', made)), null::text, null::json;
end $$;

-- The counts as the votes are: made when it opens, made right when it closes. The caller holds the row.
create or replace function poll_recount(p poll) returns void
language plpgsql as $$
declare
	beside bigint;
begin
	insert into channel (conference, name) values (p.conference, 'poll:' || p.id) on conflict on constraint channel_once do nothing;
	select c.id into strict beside from channel c where c.conference = p.conference and c.name = 'poll:' || p.id;
	with sums as (
		select o::text as key, count(*) as n from poll_vote v, unnest(v.options) o where v.poll = p.id and v.counted group by 1
		union all
		select 'voters', count(*) from poll_vote v where v.poll = p.id and v.counted and v.options <> '{}'
	)
	insert into tally as t (channel, key, value, xid)
	select beside, k.key, coalesce(s.n, 0), pg_current_xact_id()
	from (select o::text as key from unnest(p.option_ids) o union all select 'voters') k left join sums s on s.key = k.key
	order by 2
	on conflict on constraint tally_once do update set value = excluded.value, xid = excluded.xid where t.value <> excluded.value;
	delete from tally t where t.channel = beside and t.key <> 'voters' and t.key <> all (p.option_ids::text[]);
end $$;

-- Opens or closes: to where it is already is a success that changes nothing. A closed one is not opened again: some may hear its counts.
create or replace function poll_turn(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_poll uuid, in_version int,
	target text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held record;
	was poll;
	made poll;
begin
	select * into held from poll_hold(in_conference, in_actor, in_poll, in_version);
	was := held.p;
	if was.id is null then
		return;
	elsif held.fault is distinct from 'denied' and was.state = target then
		return query select poll_reply(in_actor, in_key, in_hash, was, '{}', true), null::text, null::json;
		return;
	elsif held.fault is not null or was.state <> (case target when 'running' then 'draft' else 'running' end) then
		return query select null::text, coalesce(held.fault, 'poll.state'), case when held.fault is distinct from 'denied' then poll_mod(was) end;
		return;
	end if;
	update poll x set state = target, version = x.version + 1, shown = true,
		opened = coalesce(x.opened, plenum_now(in_conference)),
		closed = case when target = 'closed' then plenum_now(in_conference) end
	where x.id = in_poll returning * into made;
	perform poll_recount(made);
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'poll.' || case target when 'running' then 'open' else 'close' end, in_poll,
		jsonb_build_object('talk', made.talk, 'counts', poll_counts(made)));
	return query select poll_reply(in_actor, in_key, in_hash, made,
		poll_events(case target when 'running' then 'poll.opened' else 'poll.closed' end, made)), null::text, null::json;
end $$;

-- The stage shows it, or no longer.
create or replace function poll_stage(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_poll uuid, in_version int,
	in_value boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held record;
	was poll;
	made poll;
begin
	select * into held from poll_hold(in_conference, in_actor, in_poll, in_version);
	was := held.p;
	if was.id is null then
		return;
	elsif held.fault is distinct from 'denied' and was.state <> 'draft' and was.shown = in_value then
		return query select poll_reply(in_actor, in_key, in_hash, was, '{}', true), null::text, null::json;
		return;
	elsif held.fault is not null or was.state = 'draft' then
		return query select null::text, coalesce(held.fault, 'poll.state'), case when held.fault is distinct from 'denied' then poll_mod(was) end;
		return;
	end if;
	update poll x set shown = in_value, version = x.version + 1 where x.id = in_poll returning * into made;
	return query select poll_reply(in_actor, in_key, in_hash, made, poll_events('poll.changed', made)), null::text, null::json;
end $$;

-- Only one that was never opened.
create or replace function poll_remove(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_poll uuid, in_version int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held record;
	was poll;
begin
	select * into held from poll_hold(in_conference, in_actor, in_poll, in_version);
	was := held.p;
	if was.id is null then
		return;
	elsif held.fault is not null or was.state <> 'draft' then
		return query select null::text, coalesce(held.fault, 'poll.state'), case when held.fault is distinct from 'denied' then poll_mod(was) end;
		return;
	end if;
	delete from poll x where x.id = in_poll;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('poll', in_poll),
		array[row('talk:' || was.talk || ':mod', 'poll.removed', json_build_object('id', in_poll))::ev]), null::text, null::json;
end $$;

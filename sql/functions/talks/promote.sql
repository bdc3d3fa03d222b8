-- Somebody who stands by takes the place of one who does not come, and people see it.

drop function if exists board_take(uuid, uuid, uuid, uuid);
create or replace function talks_in_order(in_session uuid, seen jsonb, fresh jsonb) returns jsonb
language sql stable as $$
	select jsonb_agg(coalesce(x, fresh) order by t.ord)
	from talk t left join lateral (select x from jsonb_array_elements(seen) x where x ->> 'id' = t.id::text) o on true
	where t.session = in_session and (x is not null or t.id::text = fresh ->> 'id')
$$;

-- What people see of a session: the talks they see already, in the order of now, and the one that has come to them. What else the draft
-- says waits for its release.
create or replace function board_publish(in_conference uuid, in_session uuid, in_new uuid) returns ev[]
language plpgsql as $$
declare
	fresh jsonb := (select jsonb_build_object('id', t.id, 'title', t.title, 'speakers', coalesce((
			select jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name, 'guid', s.guid) order by ts.ord, s.id)
			from talk_speaker ts join speaker s on s.id = ts.speaker where ts.talk = t.id), '[]'))
		from talk t where t.conference = in_conference and t.id = in_new);
	seen jsonb;
	evs ev[] := '{}';
begin
	update published p set revision = p.revision + 1,
		revised = greatest(date_trunc('second', plenum_now(in_conference)), p.revised + interval '1 second'),
		content = p.content || jsonb_build_object('talks', talks_in_order(in_session, p.content -> 'talks', fresh))
	where p.conference = in_conference and p.session = in_session;
	-- Its speakers follow from its talks, as in a release.
	update published p set content = p.content || jsonb_build_object('speakers', coalesce((
			select jsonb_agg(x.speaker order by x.i, x.n) from (
				select distinct on (g.speaker ->> 'id') g.speaker, u.i, g.n
				from jsonb_array_elements(p.content -> 'talks') with ordinality as u(talk, i),
					jsonb_array_elements(u.talk -> 'speakers') with ordinality as g(speaker, n)
				order by g.speaker ->> 'id', u.i, g.n) x), '[]'))
	where p.conference = in_conference and p.session = in_session
	returning p.content -> 'talks' into seen;
	if seen is not null then
		evs := array[row('schedule', 'session.talks', case when octet_length(seen::text) <= 15000
			then json_build_object('session', in_session, 'talks', seen) else json_build_object('session', in_session, 'refetch', true) end)::ev];
	end if;
	return evs;
end $$;

-- Who stands in gets the place and the time of in_talk, and questions of their own. Null: of the first who did not come and whose place
-- is free. The same two again are done already.
create or replace function talk_promote(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_session uuid, in_talk uuid,
	in_abstract uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	scope uuid := coalesce(in_session, (select t.session from talk t where t.conference = in_conference and t.id = in_talk));
	held talk;
	made talk;
	stands abstract;
	taken record;
	refused text;
begin
	perform talk_lock(in_conference, coalesce(in_talk, (select t.id from talk t where t.conference = in_conference and t.session = scope
		order by t.ord limit 1)));
	select * into held from talk t
	where t.conference = in_conference and t.session = scope and (t.id = in_talk or in_talk is null and t.no_show is not null
		and not exists (select from talk o where o.stands_for = t.id))
	order by t.ord limit 1;
	if not qa_may(in_conference, in_actor, scope) then
		return query select null::text, case when scope is not null then 'denied' else 'not_found' end, null::json;
		return;
	end if;
	select * into made from talk t where t.conference = in_conference and t.abstract = in_abstract;
	select * into stands from abstract a where a.conference = in_conference and a.id = in_abstract for update;
	if made.id is not null and made.session = scope and (in_talk is null or made.stands_for = in_talk) then
		return query select write_done(in_conference, in_actor, in_key, in_hash,
			json_build_object('talk', made.id, 'stands_for', made.stands_for, 'noop', true), '{}'), null::text, null::json;
		return;
	end if;
	refused := case when stands.id is null or in_talk is not null and held.id is null then 'not_found'
		when stands.outcome is distinct from 'standby' or stands.session <> scope or made.id is not null then 'talk.standby'
		when held.id is null or held.started is not null or exists (select from talk o where o.stands_for = held.id) then 'talk.state' end;
	if refused is not null then
		return query select null::text, refused, board_talk(in_conference, held.id);
		return;
	end if;
	update talk t set no_show = coalesce(t.no_show, plenum_now(in_conference)), ready = null where t.id = held.id;
	select * into taken from decision_promoted(in_conference, in_actor, in_abstract, scope);
	if taken.talk is null then
		raise exception 'abstract % stands by no more', in_abstract using errcode = '40001';
	end if;
	select * into made from talk t where t.id = taken.talk;
	update talk t set stands_for = held.id, allotted = held.allotted where t.id = made.id;
	update talk t set ord = u.n from (
		select x.id, row_number() over (order by case when x.id = made.id then held.ord else x.ord end, x.id <> made.id) as n
		from talk x where x.conference = in_conference and x.session = scope) u
	where t.id = u.id and t.ord <> u.n;
	return query select board_done(in_conference, in_actor, in_key, in_hash, scope,
		json_build_object('talk', made.id, 'stands_for', held.id),
		taken.evs || board_publish(in_conference, scope, made.id)
			|| case when held.no_show is null then no_show_events(in_conference, held.id, scope, true) else '{}' end
			|| coalesce((select array_agg(row('person:' || w.person, 'talk.yours', json_build_object('talk', made.id, 'session', scope))::ev)
				from talk_presenter(made.id) w where w.person is not null), '{}')), null::text, null::json;
end $$;

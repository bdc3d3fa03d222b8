-- A word to those who run a session, which one of them must say they have read.

create or replace function backstage_shown(b backstage) returns json
language sql stable as $$
	select json_build_object('id', b.id, 'session', b.session, 'audience', b.audience, 'text', b.text,
		'by', json_build_object('id', b.by_actor, 'name', b.by_name), 'at', iso(b.at),
		'acked', case when b.acked is not null then json_build_object('id', b.acked_by, 'name', b.acked_name,
			'at', iso(b.acked)) end)
$$;

-- The last fifty of a session; a chair's phone gets what is meant for it and what it wrote.
create or replace function backstage_list(in_session uuid, in_chair boolean) returns json
language sql stable as $$
	select coalesce(json_agg(backstage_shown(m) order by m.at, m.id), '[]')
	from (select * from backstage b where b.session = in_session and (not in_chair or backstage_to_chair(b))
		order by b.at desc, b.id limit 50) m
$$;

create or replace function backstage_to_chair(b backstage) returns boolean
language sql stable as $$
	select b.audience in ('chair', 'all') or exists (select from station t where t.id = b.by_actor and t.kind = 'chair')
$$;

create or replace function backstage_events(in_type text, b backstage) returns ev[]
language sql stable as $$
	select array[row('desk:' || b.session, in_type, backstage_shown(b))::ev]
		|| array(select row('chair:' || b.session, in_type, backstage_shown(b))::ev where backstage_to_chair(b))
		|| array(select row('person:' || x.person, in_type, backstage_shown(b))::ev from (
			select distinct s.person from talk t join talk_speaker ts on ts.talk = t.id join speaker s on s.id = ts.speaker
			where t.session = b.session and s.person is not null and b.audience in ('speaker', 'all')) x order by x.person)
$$;

create or replace function backstage_speaks(in_session uuid, in_actor uuid) returns boolean
language sql stable as $$
	select exists (select from talk t join talk_speaker ts on ts.talk = t.id join speaker s on s.id = ts.speaker
		where t.session = in_session and s.person = in_actor)
$$;

-- What was said to one who speaks and nobody says to have read; as many as may be unread in a session.
create or replace function backstage_unread(in_conference uuid, in_person uuid) returns json
language sql stable as $$
	select coalesce(json_agg(backstage_shown(m) order by m.at, m.id), '[]')
	from (select * from backstage b where b.conference = in_conference and b.acked is null
			and b.audience in ('speaker', 'all') and b.session in (select t.session from speaker s
				join talk_speaker ts on ts.speaker = s.id join talk t on t.id = ts.talk where s.person = in_person)
		order by b.at desc, b.id limit 50) m
$$;

create or replace function actor_name(in_conference uuid, in_actor uuid) returns text
language sql stable as $$
	select coalesce((select p.name from person p where p.conference = in_conference and p.id = in_actor),
		(select t.name from station t where t.conference = in_conference and t.id = in_actor))
$$;

-- Its own id is its key. Fifty that nobody has read are enough: somebody must read first.
create or replace function backstage_send(in_conference uuid, in_actor uuid, in_message uuid, in_session uuid, in_audience text, in_text text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held desk := desk_lock(in_conference, in_session);
	b backstage;
begin
	if held.session is null then
		return;
	end if;
	select * into b from backstage x where x.id = in_message;
	if b.id is not null then
		if (b.conference, b.session, b.by_actor, b.audience, b.text) is distinct from (in_conference, in_session, in_actor, in_audience, in_text) then
			return query select null::text, 'key.reused', null::json;
		else
			return query select with_positions(json_build_object('message', b.id, 'at', iso(b.at)), '{}'), null::text, null::json;
		end if;
		return;
	end if;
	if not qa_may(in_conference, in_actor, in_session) then
		return query select null::text, 'denied', null::json;
		return;
	elsif (select count(*) >= 50 from backstage x where x.session = in_session and x.acked is null and x.at > now() - interval '1 hour') then
		return query select null::text, 'limit.rate', null::json;
		return;
	end if;
	insert into backstage (id, conference, session, audience, text, by_actor, by_name)
	values (in_message, in_conference, in_session, in_audience, in_text, in_actor, actor_name(in_conference, in_actor))
	returning * into b;
	return query select write_done(in_conference, in_actor, null, null, json_build_object('message', b.id, 'at', iso(b.at)),
		backstage_events('backstage.sent', b)), null::text, null::json;
end $$;

-- Read by one it was meant for, or by another at the desk who has told them; never by whoever wrote it. The first counts.
create or replace function backstage_ack(in_conference uuid, in_actor uuid, in_message uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	b backstage;
	chair boolean := exists (select from station t where t.conference = in_conference and t.id = in_actor);
	evs ev[] := '{}';
begin
	select * into b from backstage x where x.conference = in_conference and x.id = in_message for update;
	if b.id is null then
		return;
	end if;
	if b.by_actor = in_actor or not (qa_may(in_conference, in_actor, b.session) and (not chair or b.audience in ('chair', 'all'))
		or b.audience in ('speaker', 'all') and backstage_speaks(b.session, in_actor))
	then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	if b.acked is null then
		update backstage x set acked = now(), acked_by = in_actor, acked_name = actor_name(in_conference, in_actor)
		where x.id = b.id returning * into b;
		evs := backstage_events('backstage.acked', b);
	end if;
	return query select write_done(in_conference, in_actor, null, null, backstage_shown(b), evs), null::text, null::json;
end $$;

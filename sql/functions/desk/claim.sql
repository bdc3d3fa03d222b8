-- "I am on this": a lease on a question, told to the other moderators; its end too.

create or replace function desk_person(in_person uuid) returns json
language sql stable as $$
	select json_build_object('id', p.id, 'name', p.name) from person p where p.id = in_person
$$;

-- Null: nobody is on it.
create or replace function claim_shown(in_question uuid) returns json
language sql stable as $$
	select json_build_object('by', desk_person(c.person), 'until', iso(c.until)) from claim c
	where c.question = in_question and c.until > now()
$$;

create or replace function claim_event(in_talk uuid, in_question uuid) returns ev
language sql stable as $$
	select row('talk:' || in_talk || ':mod', 'claim.changed',
		json_build_object('question', in_question, 'claim', claim_shown(in_question)))::ev
$$;

-- Looked at again when the lease is over. Before the claim itself, as the work does.
create or replace function claim_watch(in_conference uuid, in_question uuid, in_at timestamptz) returns void
language sql as $$
	insert into due (conference, kind, subject, at) values (in_conference, 'claim', in_question::text, in_at)
	on conflict on constraint due_once do nothing
$$;

-- Takes the lease, renews it or gives it back. Told when its holder changes, not with each renewal. Locks: the question, due, the claim.
create or replace function claim_set(in_conference uuid, in_actor uuid, in_question uuid, in_value boolean, in_force boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	q question;
	old claim;
	evs ev[] := '{}';
begin
	select * into q from question x where x.conference = in_conference and x.id = in_question for no key update;
	if q.id is null then
		return;
	end if;
	if not qa_may(in_conference, in_actor, (select t.session from talk t where t.id = q.talk)) then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	perform claim_watch(in_conference, q.id, now() + interval '30 seconds') where in_value;
	select * into old from claim c where c.question = q.id and c.until > now() for update;
	if in_value and old.person <> in_actor and not in_force then
		return query select null::text, 'qa.claimed', claim_shown(q.id);
		return;
	end if;
	if in_value then
		insert into claim (question, conference, person, until) values (q.id, in_conference, in_actor, now() + interval '30 seconds')
		on conflict on constraint claim_once do update set person = excluded.person, until = excluded.until;
	else
		delete from claim c where c.question = q.id and c.person = in_actor;
	end if;
	if in_value and old.person is distinct from in_actor or not in_value and old.person = in_actor then
		evs := array[claim_event(q.talk, q.id)];
	end if;
	if in_value and old.person <> in_actor then
		insert into audit (conference, actor, action, subject, detail)
		values (in_conference, in_actor, 'qa.claim', q.id, jsonb_build_object('from', old.person));
	end if;
	return query select write_done(in_conference, in_actor, null, null,
		json_build_object('question', q.id, 'claim', claim_shown(q.id)), evs), null::text, null::json;
end $$;

-- A lease has run out, and whoever held it is gone or idle.
create or replace function due_claim(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	held claim;
begin
	delete from claim c where c.conference = in_conference and c.question = in_subject::uuid and c.until <= now();
	if found then
		perform channel_append(in_conference, array[claim_event(q.talk, q.id)]) from question q where q.id = in_subject::uuid;
		return;
	end if;
	select * into held from claim c where c.conference = in_conference and c.question = in_subject::uuid;
	perform claim_watch(in_conference, held.question, held.until + interval '0.1 seconds') where held.question is not null;
end $$;

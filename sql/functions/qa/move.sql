-- Every step of a question's life: pending → approved → on_stage → answered, with dismissed and withdrawn beside it.

-- Whom a change concerns. Attendees hear of what they may see, and that what they saw is gone; never why, never whose it is.
create or replace function question_events(before_state text, q question) returns ev[]
language sql stable as $$
	with v as (
		select question_votes(q.conference, q.talk, q.id) as votes, p.name from person p where p.id = q.person
	)
	select array[row('talk:' || q.talk || ':mod', 'question.updated', question_mod(q, v.votes, v.name))::ev]
		|| case
			when question_visible(q.state) then array[row('talk:' || q.talk,
				case when question_visible(before_state) then 'question.updated' else 'question.added' end,
				question_public(q, v.votes))::ev]
			when question_visible(before_state) then
				array[row('talk:' || q.talk, 'question.removed', json_build_object('id', q.id))::ev]
			else '{}'::ev[] end
		|| array[row('person:' || q.person, 'question.updated', question_own(q, v.votes))::ev]
	from v
$$;

-- Moves one question when its version and state allow it. Locks: the question, its room, whatever was on stage there, then channels.
-- No row: no such question.
create or replace function question_move(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea,
	in_question uuid, in_version int, command text, froms text[], target text, in_reason text default null)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	old question;
	new question;
	off question;
	stage uuid;
	evs ev[];
begin
	select * into old from question q
	where q.conference = in_conference and q.id = in_question for no key update;
	if not found then
		return;
	end if;
	if command = 'withdraw' and old.person <> in_actor then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	if old.state = target then
		return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object(
			'question', old.id, 'state', old.state, 'version', old.version, 'noop', true), '{}'),
			null::text, null::json;
		return;
	end if;
	if target = 'on_stage' then
		stage := talk_room(in_conference, old.talk);
	end if;
	if old.version <> in_version or old.state <> all (froms) or (target = 'on_stage' and stage is null) then
		return query select null::text, case when old.version <> in_version then 'conflict' else 'qa.state' end,
			case command when 'withdraw' then question_own(old, v.votes) else question_mod(old, v.votes, p.name) end
		from person p, question_votes(in_conference, old.talk, old.id) as v(votes) where p.id = old.person;
		return;
	end if;

	if stage is not null then
		-- Under the room's lock nobody else can stage here: the next statement sees who is.
		perform from room r where r.id = stage for no key update;
		update question q set state = 'answered', stage_room = null, version = q.version + 1
		where q.conference = in_conference and q.stage_room = stage returning * into off;
	end if;
	update question q set state = target, version = q.version + 1, stage_room = stage,
		reason = case when target = 'dismissed' then in_reason end,
		first_visible_at = coalesce(q.first_visible_at,
			case when question_visible(target) then plenum_now(in_conference) end)
	where q.conference = in_conference and q.id = in_question returning * into new;

	insert into mod_action (conference, question, actor, command, state_before, state_after, version)
	select in_conference, m.id, in_actor, command, m.state_before, m.state_after, m.version
	from (values (off.id, 'on_stage', off.state, off.version), (new.id, old.state, new.state, new.version))
		as m(id, state_before, state_after, version)
	where m.id is not null;

	if off.id is not null then
		evs := question_events('on_stage', off);
	end if;
	evs := evs || question_events(old.state, new);
	stage := coalesce(new.stage_room, old.stage_room);
	if stage is not null then
		evs := evs || row('stage:' || stage, 'question.staged', stage_shown(in_conference, stage))::ev;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object(
		'question', new.id, 'state', new.state, 'version', new.version), evs), null::text, null::json;
end $$;

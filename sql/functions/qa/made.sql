-- What moderators do beyond one question that was asked: prepare one, note one that was said aloud, close a talk's.

-- prepare: waits among the visible ones without being seen or voted on. note_spoken: asked aloud in the hall, straight on stage.
create or replace function question_made(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_question uuid, in_talk uuid,
	in_text text, in_command text)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	q question;
	nothing question;
	room uuid;
	evs ev[] := '{}';
	held uuid := (select t.session from talk t where t.conference = in_conference and t.id = in_talk);
begin
	if held is null then
		return;
	elsif not qa_may(in_conference, in_actor, held) then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	if in_command = 'note_spoken' then
		room := talk_room(in_conference, in_talk);
		if room is null then
			return query select null::text, 'qa.state', null::json;
			return;
		end if;
		evs := question_put_off(in_conference, room, in_actor, in_key);
	end if;
	insert into question as x (id, conference, talk, text, kind, origin, state, stage_room, approved, staged, asked_at, first_visible_at)
	select in_question, in_conference, in_talk, in_text, case in_command when 'prepare' then 'prepared' else 'spoken' end, 'room',
		case in_command when 'prepare' then 'approved' else 'on_stage' end, room, now(), case when room is not null then now() end,
		plenum_now(in_conference), case when room is not null then plenum_now(in_conference) end
	on conflict on constraint question_key do nothing
	returning x.* into q;
	if q.id is null then
		-- Its id is somebody else's. The room's stage must be as it was.
		raise exception using errcode = 'unique_violation', constraint = 'question_key_taken', table = 'question';
	end if;
	insert into mod_action (conference, question, actor, command, state_before, state_after, version, after, cmd)
	values (in_conference, q.id, in_actor, in_command, '', q.state, q.version, question_members(q), in_key);
	evs := evs || question_events(nothing, q, null);
	if room is not null then
		evs := evs || row('stage:' || room, 'question.staged', stage_shown(in_conference, room))::ev;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('question', q.id, 'state', q.state,
		'version', q.version), evs), null::text, null::json;
end $$;

-- What still waits or was not asked is archived, what is told is a removal each; the tallies are counted anew from the votes.
create or replace function questions_close(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_talk uuid, in_session uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	held uuid := coalesce((select t.session from talk t where t.conference = in_conference and t.id = in_talk), in_session);
	scope uuid[] := array(select t.id from talk t
		where t.conference = in_conference and t.session = held and (in_talk is null or t.id = in_talk) order by t.id);
	was question;
	q question;
	askers jsonb;
	evs ev[] := '{}';
	n int := 0;
	corrected int;
begin
	if cardinality(scope) = 0 then
		return;
	elsif not qa_may(in_conference, in_actor, held) then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	-- Everybody is looked at once, not once a question.
	select jsonb_object_agg(qa_pseudonym(held, p.id), p.id) into askers
	from person p where p.conference = in_conference and exists (select from qa_salt s where s.session = held);
	for was in
		select x.* from question x
		where x.conference = in_conference and x.talk = any (scope) and x.state in ('pending', 'approved')
		order by x.id for no key update
	loop
		q := question_write(was, question_in(was, 'archived'), in_actor, 'close', in_key, question_members(was));
		evs := evs || question_events(was, q, coalesce(q.person, (askers ->> q.pseudonym::text)::uuid));
		n := n + 1;
	end loop;
	corrected := question_recount(in_conference, array(select x.id from question x
		where x.conference = in_conference and x.talk = any (scope)));
	perform question_counts(in_conference, scope);
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('talks', scope, 'archived', n,
		'corrected', corrected), evs), null::text, null::json;
end $$;

-- Every step of a question's life, from the call to what is told.

-- Who may: moderators of its session; its speakers, to answer in writing; withdraw and revise are its asker's alone.
create or replace function question_may(q question, in_actor uuid, in_command text, args json) returns boolean
language sql stable as $$
	select case when in_command in ('withdraw', 'revise') then question_is_of(q, in_actor)
		else (select qa_may(q.conference, in_actor, t.session) from talk t where t.id = q.talk)
			and (in_command <> 'move' or coalesce((select qa_may(q.conference, in_actor, t.session) from talk t
				where t.id = (args ->> 'talk')::uuid and t.conference = q.conference), true))
			or in_command = 'answer' and args ->> 'text' is not null and exists (
				select from talk_speaker ts join speaker s on s.id = ts.speaker where ts.talk = q.talk and s.person = in_actor) end
$$;

-- The history names no person where the session does not.
create or replace function question_actor(q question, in_actor uuid, in_command text) returns uuid
language sql stable as $$
	select case when in_command in ('withdraw', 'revise') then coalesce(q.pseudonym, in_actor) else in_actor end
$$;

-- The row as it is now, for somebody whose command does not fit it.
create or replace function question_current(q question, in_command text) returns json
language sql stable as $$
	select case when in_command in ('withdraw', 'revise') then question_own(q, v.votes) else question_mod(q, v.votes) end
	from question_votes(q.conference, q.talk, q.id) as v(votes)
$$;

-- Why a command that its state allows does not fit all the same.
create or replace function question_problem(q question, new question, in_actor uuid, in_command text, args json) returns text
language plpgsql stable as $$
declare
	head question;
begin
	if in_command = 'move' and not exists (select from talk t where t.conference = q.conference and t.id = new.talk) then
		return 'not_found';
	elsif in_command = 'stage' and new.stage_room is null then
		return 'qa.state';
	elsif in_command = 'answer' and args ->> 'text' is not null and exists (
			select from claim c where c.question = q.id and c.person <> in_actor and c.until > now()) then
		return 'qa.claimed';
	elsif in_command = 'merge' then
		select * into head from question h where h.conference = q.conference and h.id = new.merged_into;
		if not found then
			return 'not_found';
		elsif head.id = q.id or head.kind <> 'asked' or head.state not in ('pending', 'approved', 'on_stage')
			or not (select qa_may(q.conference, in_actor, t.session) from talk t where t.id = head.talk)
		then
			return 'qa.state';
		end if;
	end if;
	return null;
end $$;

-- A text answer is a row of its own; without a text there is none to write.
create or replace function question_answered(q question, in_actor uuid, args json) returns void
language sql as $$
	insert into answer (question, conference, person, text, public, at)
	select q.id, q.conference, (select p.id from person p where p.id = in_actor), args ->> 'text', (args ->> 'public')::boolean,
		plenum_now(q.conference)
	where args ->> 'text' is not null
	on conflict on constraint answer_once do update set person = excluded.person, text = excluded.text, public = excluded.public,
		at = excluded.at
$$;

-- Under the room's lock nobody else can stage there. What was on that stage is answered now.
create or replace function question_put_off(in_conference uuid, in_room uuid, in_actor uuid, in_cmd uuid) returns ev[]
language plpgsql as $$
declare
	off question;
	new question;
begin
	perform from room r where r.id = in_room for no key update;
	select * into off from question q where q.conference = in_conference and q.stage_room = in_room for no key update;
	if not found then
		return '{}';
	end if;
	new := question_write(off, question_in(off, 'answered'), in_actor, 'stage', in_cmd, question_members(off));
	return question_events(off, new, question_asker(new));
end $$;

-- Locks what a command touches: with its head where votes go from one to the other, and then so that no vote is under way.
create or replace function question_lock(in_conference uuid, in_question uuid, in_command text, in_into uuid) returns question
language plpgsql as $$
declare
	q question;
begin
	if in_command in ('merge', 'unmerge', 'move', 'undo') then
		perform from question x
		where x.conference = in_conference and x.id in (in_question, in_into,
			(select y.merged_into from question y where y.id = in_question))
		order by x.id for update;
	else
		perform from question x where x.conference = in_conference and x.id = in_question for no key update;
	end if;
	select * into q from question x where x.conference = in_conference and x.id = in_question;
	return q;
end $$;

-- The rest of a change: its row, votes, counts, and everybody who hears of it.
create or replace function question_settle(was question, q question, in_actor uuid, in_command text, in_cmd uuid, was_members jsonb,
	in_undoes bigint default null, out new question, out evs ev[])
language plpgsql as $$
declare
	heads uuid[];
	room uuid := coalesce(q.stage_room, was.stage_room);
begin
	new := question_write(was, q, in_actor, in_command, in_cmd, was_members, in_undoes);
	heads := question_votes_moved(was, new);
	if was.state <> new.state or was.talk <> new.talk or was.muted <> new.muted or was.reason is distinct from new.reason then
		perform question_counts(new.conference, array[was.talk, new.talk]);
	end if;
	evs := question_events(was, new, question_asker(new));
	select evs || coalesce(array_agg(row('talk:' || h.talk || ':mod', 'question.updated',
		question_mod(h, question_votes(h.conference, h.talk, h.id)))::ev order by h.id), '{}') into evs
	from question h where h.id = any (heads);
	if room is not null then
		evs := evs || row('stage:' || room, 'question.staged', stage_shown(new.conference, room))::ev;
	end if;
end $$;

-- One command: $ its arguments by name. No row: no such question. Locks: the questions, a room, whatever is on stage there, votes, tallies,
-- then channels.
drop function if exists question_move(uuid, uuid, uuid, bytea, uuid, int, text, text[], text, text);
create or replace function question_move(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_question uuid, in_version int,
	in_command text, args json default '{}')
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	was question := question_lock(in_conference, in_question, in_command, (args ->> 'into')::uuid);
	q question;
	members jsonb;
	problem text;
	off ev[] := '{}';
	done record;
begin
	if was.id is null then
		return;
	elsif not question_may(was, in_actor, in_command, args) then
		return query select null::text, 'denied', null::json;
		return;
	elsif question_holds(was, in_command, args) then
		return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('question', was.id, 'state',
			case when in_command in ('withdraw', 'revise') then question_own_state(was) else was.state end,
			'version', was.version, 'noop', true), '{}'), null::text, null::json;
		return;
	end if;
	if was.version = in_version then
		q := question_next(was, in_command, args);
		if q.id is not null then
			if in_command = 'stage' then
				q.stage_room := talk_room(in_conference, was.talk);
			end if;
			problem := question_problem(was, q, in_actor, in_command, args);
		else
			problem := 'qa.state';
		end if;
	else
		problem := 'conflict';
	end if;
	if problem is not null then
		return query select null::text, problem,
			case when problem <> 'not_found' then question_current(was, in_command) end;
		return;
	end if;

	members := question_members(was);
	if in_command = 'stage' then
		off := question_put_off(in_conference, q.stage_room, in_actor, in_key);
	elsif in_command = 'answer' then
		perform question_answered(q, in_actor, args);
	elsif in_command in ('approve', 'dismiss') then
		update question_report r set settled = true where r.question = q.id and not r.settled;
	end if;
	select * into done from question_settle(was, q, question_actor(was, in_actor, in_command), in_command, in_key, members);
	q := done.new;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('question', q.id, 'state',
		case when in_command in ('withdraw', 'revise') then question_own_state(q) else q.state end, 'version', q.version),
		off || done.evs), null::text, null::json;
end $$;

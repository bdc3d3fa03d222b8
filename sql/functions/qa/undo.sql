-- qa.undo: one's own last action on a question, within 30 s by the real clock.

-- What a question was before an action; an answer's words too.
create or replace function question_back(q question, m mod_action) returns question
language plpgsql as $$
declare
	a jsonb := m.before -> 'answer';
begin
	if m.before ? 'answer' then
		delete from answer where question = q.id and jsonb_typeof(a) = 'null';
		insert into answer (question, conference, person, text, public, at)
		select q.id, q.conference, (select p.id from person p where p.id = (a ->> 'person')::uuid), a ->> 'text',
			(a ->> 'public')::boolean, (a ->> 'at')::timestamptz
		where jsonb_typeof(a) = 'object'
		on conflict on constraint answer_once do update set person = excluded.person, text = excluded.text,
			public = excluded.public, at = excluded.at;
	end if;
	if m.command in ('prepare', 'note_spoken') then
		return question_in(q, 'withdrawn');
	end if;
	-- Its place among the asker's ten may have been taken since; and what was seen was seen.
	return jsonb_populate_record(q, m.before - 'answer' - 'nth' - 'first_visible_at');
end $$;

-- The one that this action put off the stage comes back, unless somebody has done something with it since.
create or replace function question_back_on_stage(in_conference uuid, in_actor uuid, in_cmd uuid, m mod_action) returns ev[]
language plpgsql as $$
declare
	put_off mod_action;
	off question;
	new question;
begin
	select * into put_off from mod_action x
	where x.conference = in_conference and x.cmd = m.cmd and x.actor = m.actor and x.question <> m.question
		and x.id > m.id - 100 and x.state_before = 'on_stage' and x.state_after = 'answered'
	order by x.id desc limit 1;
	if not found or exists (select from mod_action x where x.question = put_off.question and x.id > put_off.id) then
		return '{}';
	end if;
	select * into off from question q where q.id = put_off.question and q.conference = in_conference for no key update;
	if off.version is distinct from put_off.version then
		return '{}';
	end if;
	new := question_write(off, jsonb_populate_record(off, put_off.before - 'answer'), in_actor, 'undo', in_cmd,
		question_members(off), put_off.id);
	return question_events(off, new, question_asker(new));
end $$;

create or replace function question_undo(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_question uuid, in_version int)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	was question := question_lock(in_conference, in_question, 'undo', (
		select (m.before ->> 'merged_into')::uuid from mod_action m where m.question = in_question order by m.id desc limit 1));
	q question;
	m mod_action;
	members jsonb;
	room uuid;
	done record;
	evs ev[];
	back ev[] := '{}';
	problem text;
begin
	if was.id is null then
		return;
	elsif not question_may(was, in_actor, 'undo', '{}') then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	select * into m from mod_action x where x.question = in_question order by x.id desc limit 1;
	problem := case
		when in_version is not null and in_version <> was.version or m.actor is distinct from in_actor then 'conflict'
		when m.undoes is not null or m.at < now() - interval '30 seconds' then 'qa.undo' end;
	if problem is null then
		members := question_members(was);
		q := question_back(was, m);
		room := q.stage_room;
		-- The one it was merged into may stand for nothing any more.
		if q.merged_into is not null and not exists (
				select from question h where h.id = q.merged_into and h.state in ('pending', 'approved', 'on_stage')) then
			problem := 'qa.undo';
		end if;
		if room is not null and room is distinct from was.stage_room then
			perform from room r where r.id = room for no key update;
			if exists (select from question x where x.stage_room = room) then
				-- Its place has been taken since.
				raise exception using errcode = 'unique_violation', constraint = 'question_stage_once', table = 'question';
			end if;
		elsif was.stage_room is not null then
			perform from room r where r.id = was.stage_room for no key update;
		end if;
	end if;
	if problem is not null then
		return query select null::text, problem, question_current(was, 'undo');
		return;
	end if;
	select * into done from question_settle(was, q, in_actor, 'undo', in_key, members, m.id);
	q := done.new;
	evs := done.evs;
	if m.state_after = 'on_stage' and m.command in ('stage', 'note_spoken') then
		back := question_back_on_stage(in_conference, in_actor, in_key, m);
		if cardinality(back) > 0 then
			evs := array(select e from unnest(evs) with ordinality as u(channel, type, data, n), lateral (
				select (u.channel, u.type, u.data)::ev as e) x where u.type <> 'question.staged' order by u.n)
				|| back || row('stage:' || was.stage_room, 'question.staged', stage_shown(in_conference, was.stage_room))::ev;
		end if;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('question', q.id, 'state', q.state,
		'version', q.version, 'undone', m.command), evs), null::text, null::json;
end $$;

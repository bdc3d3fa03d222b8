-- A question's states and how each command changes it: pending → approved → on_stage → answered; dismissed, withdrawn, merged and
-- archived beside them.

-- The whole table. Steps back are there for undo. The trigger question_step() asks it of every update.
create or replace function question_legal(was question, q question) returns boolean
language sql immutable as $$
	select case was.state
		when 'pending' then q.state in ('approved', 'dismissed', 'withdrawn', 'merged', 'archived')
		when 'approved' then q.state in ('pending', 'on_stage', 'answered', 'dismissed', 'withdrawn', 'merged', 'archived')
		-- What nobody asked, but a moderator noted down by mistake, may go from the stage.
		when 'on_stage' then q.state in ('answered', 'approved') or q.state = 'withdrawn' and was.kind <> 'asked'
		when 'answered' then q.state in ('approved', 'on_stage', 'archived')
		-- Its asker does not know that it was dismissed.
		when 'dismissed' then q.state in ('approved', 'pending') or q.state = 'withdrawn' and was.silent
		when 'merged' then q.state = was.prev_state
		when 'archived' then q.state = was.prev_state or q.state = 'answered' and was.prev_state = 'approved'
		else false end
$$;

-- In which states a command may begin and where it leads; target null: the state stays, '=': back to prev_state.
create or replace function question_rule(in_command text) returns table (froms text[], target text)
language sql immutable rows 1 as $$
	select r.froms::text[], r.target from (values
		('approve', '{pending,dismissed}', 'approved'),
		('dismiss', '{pending,approved}', 'dismissed'),
		('hold', '{approved,dismissed}', 'pending'),
		('stage', '{approved}', 'on_stage'),
		('answer', '{on_stage,approved}', 'answered'),
		('reopen', '{answered,on_stage,dismissed}', 'approved'),
		('skip', '{on_stage,approved}', 'approved'),
		('merge', '{pending,approved}', 'merged'),
		('unmerge', '{merged}', '='),
		('restore', '{archived}', '='),
		('close', '{pending,approved}', 'archived'),
		('withdraw', '{pending,approved}', 'withdrawn'),
		('edit', '{pending,approved,on_stage,answered}', null),
		('accept', '{pending,approved,on_stage,answered}', null),
		('revise', '{pending,approved}', null),
		('move', '{pending,approved,answered,dismissed}', null)) as r(command, froms, target)
	where r.command = in_command
$$;

-- q in another state, with everything that goes with it.
create or replace function question_in(q question, in_state text) returns question
language plpgsql stable as $$
declare
	was text := q.state;
begin
	q.state := in_state;
	q.prev_state := case when in_state in ('merged', 'archived') then was end;
	if in_state <> 'merged' then
		q.merged_into := null;
	end if;
	if in_state <> 'on_stage' then
		q.stage_room := null;
	end if;
	if in_state <> 'dismissed' then
		q.reason := null;
		q.silent := false;
	end if;
	case in_state
	when 'approved' then
		q.muted := false;
		q.approved := coalesce(q.approved, now());
	when 'on_stage' then
		q.skipped := null;
		q.staged := now();
	when 'answered' then
		q.skipped := null;
		q.answered := now();
	else
	end case;
	if question_visible(q) then
		q.first_visible_at := coalesce(q.first_visible_at, plenum_now(q.conference));
	end if;
	return q;
end $$;

-- Does the command's end hold already? Then it is done, and said so.
create or replace function question_holds(q question, in_command text, args json) returns boolean
language sql stable as $$
	select coalesce(case in_command
		when 'approve' then q.state = 'approved' and not q.muted
		when 'skip' then q.state = 'approved' and q.skipped is not null
		when 'answer' then case when args ->> 'text' is null then q.state = 'answered'
			else exists (select from answer a where a.question = q.id and a.text = args ->> 'text'
				and a.public = (args ->> 'public')::boolean) end
		when 'merge' then q.state = 'merged' and q.merged_into = (args ->> 'into')::uuid
		when 'unmerge' then q.state in ('pending', 'approved')
		when 'restore' then q.state in ('pending', 'approved')
		when 'edit' then q.text = args ->> 'text'
		when 'revise' then coalesce(q.revision, q.text) = args ->> 'text'
		when 'move' then q.talk = (args ->> 'talk')::uuid
		when 'accept' then false
		else q.state = r.target end, false)
	from question_rule(in_command) r
$$;

-- The row after a command; null where it cannot be done now. No row is looked at but this one.
create or replace function question_next(q question, in_command text, args json) returns question
language plpgsql stable as $$
declare
	rule record;
	new question := q;
begin
	select * into rule from question_rule(in_command);
	-- Its asker believes that it waits.
	if q.state = 'dismissed' and q.silent and in_command = 'withdraw' then
		return question_in(q, 'withdrawn');
	elsif q.state = 'dismissed' and q.silent and in_command = 'revise' then
		new.text := args ->> 'text';
		return new;
	elsif in_command = 'answer' and args ->> 'text' is not null and q.state in ('answered', 'archived') then
		-- Words may come later; one that people never saw stays unseen, and its answer is for its asker alone.
		if q.state = 'archived' and q.prev_state = 'approved' then
			return question_in(q, 'answered');
		end if;
		return case when q.state = 'answered' or not (args ->> 'public')::boolean then new end;
	elsif q.state = 'approved' and q.muted and in_command = 'approve' then
		return question_in(q, 'approved');
	elsif q.state <> all (rule.froms) then
		return null;
	end if;
	if rule.target is not null then
		new := question_in(q, case rule.target when '=' then q.prev_state else rule.target end);
	end if;
	case in_command
	when 'approve' then
		new.reports := 0;
	when 'dismiss' then
		new.reason := args ->> 'reason';
		new.silent := coalesce((args ->> 'silent')::boolean, false);
	when 'skip' then
		new.skipped := now();
	when 'merge' then
		new.merged_into := (args ->> 'into')::uuid;
	when 'edit' then
		new.original := coalesce(q.original, q.text);
		new.text := args ->> 'text';
	when 'accept' then
		if q.revision is null then
			return null;
		elsif not coalesce((args ->> 'decline')::boolean, false) then
			new.original := coalesce(q.original, q.text);
			new.text := q.revision;
		end if;
		new.revision := null;
	when 'revise' then
		if q.state = 'pending' then
			new.text := args ->> 'text';
			new.hits := question_hits(q.conference, new.text);
		else
			new.revision := args ->> 'text';
		end if;
	when 'move' then
		new.talk := (args ->> 'talk')::uuid;
		-- It does not take one of the asker's places there.
		new.nth := null;
	else
	end case;
	return new;
end $$;

-- A question whose row is deleted, with its talk or with whoever asked it: votes, those that were merged into it, its history, and what
-- pages are told.

-- Whoever goes takes their votes along. (A question's go in question_gone(), all at once.)
create or replace function vote_forget() returns trigger language plpgsql as $$
begin
	with gone as (
		delete from vote where person = old.id returning question, value, counted
	)
	update tally t set value = t.value - g.value, xid = pg_current_xact_id()
	from gone g join question q on q.id = g.question
		join channel c on c.conference = q.conference and c.name = 'talk:' || q.talk
	where g.value > 0 and g.counted and t.channel = c.id and t.key = q.id::text;
	return null;
end $$;

-- Those that were merged into it are themselves again and are told so; whose talk goes too nobody listens to. Nothing of its words stays
-- in the history, which the program itself may only add to: so this is done as its owner.
create or replace function question_gone() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
	conf uuid;
	talks uuid[];
	was question;
	q question;
	evs ev[];
begin
	if not exists (select from gone) then
		return null;
	end if;
	delete from mod_action m using gone g where m.question = g.id;
	-- Where the whole conference goes, its people do, and their votes with them.
	for conf in select distinct g.conference from gone g join conference c on c.id = g.conference loop
		delete from vote v where v.question = any (array(select g.id from gone g where g.conference = conf));
		talks := array(select distinct g.talk from gone g join talk t on t.id = g.talk where g.conference = conf order by 1);
		select coalesce(array_agg(row(e.channel, 'question.removed', json_build_object('id', g.id))::ev order by g.id, e.channel), '{}')
		into evs from gone g cross join lateral (values ('talk:' || g.talk || ':mod', true),
			('talk:' || g.talk, question_visible(g) and talk_shows(g.talk))) as e(channel, told)
		where g.talk = any (talks) and e.told;
		for was in select x.* from question x join gone g on x.merged_into = g.id where x.conference = conf order by x.id for update of x loop
			q := was;
			q.state := was.prev_state;
			q.prev_state := null;
			q.merged_into := null;
			q.version := was.version + 1;
			update question x set state = q.state, prev_state = null, merged_into = null, version = q.version where x.id = q.id;
			evs := evs || question_events(was, q, question_asker(q));
			talks := talks || q.talk;
		end loop;
		delete from tally y using gone g, channel c
		where g.conference = conf and c.conference = conf and c.name = 'talk:' || g.talk and y.channel = c.id and y.key = g.id::text;
		perform question_counts(conf, talks);
		evs := evs || coalesce((select array_agg(row('stage:' || s.room, 'question.staged', stage_shown(conf, s.room))::ev order by s.room)
			from (select distinct g.stage_room as room from gone g join room r on r.id = g.stage_room where g.conference = conf) s), '{}');
		perform channel_append(conf, evs);
	end loop;
	return null;
end $$;
create or replace trigger question_gone after delete on question referencing old table as gone for each statement
	execute function question_gone();

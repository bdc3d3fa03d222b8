-- qa.ask: one question after the other, and all of a batch told at once.

-- Why somebody may not ask now; null: they may. retry_after_ms: when it would be different.
create or replace function ask_problem(in_conference uuid, in_person uuid, in_pseudonym uuid, in_talk uuid, in_text text, in_how text,
	in_behind int, in_by_talk boolean, out fault text, out retry_after_ms int)
language plpgsql as $$
declare
	w record;
	oldest timestamptz;
	n int;
begin
	select * into w from talk_window(in_conference, in_talk);
	-- What was under way when asking closed is taken; who is behind the live edge saw it close later.
	if not w.ask and not talk_late(in_conference, in_talk, interval '2 seconds'
			+ case when in_by_talk then make_interval(secs => least(in_behind, 60000) / 1000.0) else interval '0' end) then
		fault := case when w.paused then 'qa.paused' else 'qa.closed' end;
	elsif in_how = 'hard' then
		fault := 'qa.muted';
	elsif exists (select from question d where d.talk = in_talk and d.text = in_text
			and (d.person = in_person and in_pseudonym is null or d.pseudonym = in_pseudonym)) then
		fault := 'qa.duplicate';
	else
		-- One in 15 s, three at once.
		select count(*), min(x.created) into n, oldest from (
			select q.created from question q
			where q.conference = in_conference and (q.person = in_person or in_pseudonym is not null and q.pseudonym = in_pseudonym
				and q.talk in (select o.id from talk t join talk o on o.session = t.session where t.id = in_talk))
				and q.created > now() - interval '45 seconds' and q.kind = 'asked'
			order by q.created desc limit 3) x;
		if n >= 3 then
			fault := 'limit.rate';
			retry_after_ms := greatest(1, 45000 - extract(epoch from now() - oldest) * 1000)::int;
		end if;
	end if;
end $$;

-- The reply to what is there already: the same question told again, or another one under its id.
create or replace function ask_again(q question, in_conference uuid, in_person uuid, in_talk uuid, in_session uuid, in_text text)
returns json
language sql stable as $$
	select json_build_object('question', q.id, 'talk', q.talk, 'state', question_own_state(q), 'version', q.version)
	where q.conference = in_conference and question_is_of(q, in_person)
		and in_text in (q.text, q.original, (select m.before ->> 'text' from mod_action m
			where m.question = q.id and m.before ? 'text' order by m.id limit 1))
		and (in_talk is null or in_talk = coalesce((select (m.before ->> 'talk')::uuid from mod_action m
			where m.question = q.id and m.before ? 'talk' order by m.id limit 1), q.talk))
$$;

create or replace function ask_one(in_conference uuid, in_person uuid, in_question uuid, in_talk uuid, in_session uuid, in_text text,
	in_whole boolean, in_named boolean, in_quote text, in_behind int, out reply json, out fault text, out retry_after_ms int, out evs ev[])
language plpgsql as $$
declare
	held uuid := coalesce(in_talk, talk_seen(in_conference, in_session, make_interval(secs => in_behind / 1000.0)));
	of_session uuid := (select t.session from talk t where t.conference = in_conference and t.id = held);
	s record;
	who_sees text;
	alias uuid;
	how text;
	place smallint;
	hit text[];
	clean boolean;
	q question;
	nothing question;
begin
	select * into q from question x where x.id = in_question;
	if found then
		reply := ask_again(q, in_conference, in_person, in_talk, in_session, in_text);
		fault := case when reply is null then 'key.reused' end;
		return;
	elsif of_session is null then
		fault := 'not_found';
		return;
	end if;
	who_sees := qa_identity(in_conference, of_session);
	alias := case when who_sees = 'anonymous' then qa_pseudonym(of_session, in_person) end;
	how := qa_muted(in_conference, in_person, alias);
	select x.fault, x.retry_after_ms into fault, retry_after_ms
	from ask_problem(in_conference, in_person, alias, held, in_text, how, in_behind, in_talk is not null) x;
	if fault is not null then
		return;
	end if;
	select n into place from generate_series(1, 10) as n where not exists (
		select from question x where x.talk = held and x.nth = n and case when alias is null then x.person = in_person else x.pseudonym = alias end)
	order by n limit 1;
	if not found then
		fault := 'limit.rate';
		return;
	end if;
	select * into s from qa_settings_of(in_conference, of_session);
	hit := question_hits(in_conference, in_text);
	clean := hit is null and how is null;
	insert into question as x (id, conference, talk, person, pseudonym, text, state, nth, asked_at, first_visible_at, origin, named,
		quote, whole, hits, muted, approved)
	select in_question, in_conference, held, case when alias is null then p.id end, alias, in_text,
		case when clean and not s.moderated then 'approved' else 'pending' end, place, plenum_now(in_conference),
		case when clean and not s.moderated then plenum_now(in_conference) end,
		case when p.mode = 'on_site' and in_behind = 0 then 'room' else 'remote' end, who_sees = 'named' or who_sees = 'choice' and in_named,
		in_quote, in_whole, hit, how is not null, case when clean and not s.moderated then now() end
	from person p where p.conference = in_conference and p.id = in_person
	on conflict do nothing
	returning x.* into q;
	if q.id is null then
		-- A row that this statement's snapshot does not show was there first.
		fault := 'again';
		return;
	end if;
	if clean and s.moderated and s.auto_approve_s > 0 then
		perform qa_auto_due(in_conference, of_session, now() + make_interval(secs => s.auto_approve_s));
	end if;
	evs := question_events(nothing, q, in_person);
	reply := json_build_object('question', q.id, 'talk', q.talk, 'state', question_own_state(q), 'version', q.version);
	if question_own_state(q) = 'pending' then
		reply := json_plus(reply, (select to_json(a) from question_ahead(q) a));
	end if;
end $$;

-- Arrays of one batch, in the order they came. One person's questions are judged one after the other, whichever worker has them: the locks
-- are taken first, in one order.
create or replace function questions_ask(in_conference uuid, in_people uuid[], in_questions uuid[], in_talks uuid[], in_sessions uuid[],
	in_texts text[], in_wholes boolean[], in_nameds boolean[], in_quotes text[], in_behinds int[])
returns table (ord bigint, reply text, fault text, retry_after_ms int)
language plpgsql as $$
#variable_conflict use_column
declare
	c record;
	one record;
	evs ev[] := '{}';
	talks uuid[] := '{}';
	replies json[] := '{}';
	froms int[] := '{}';
	ords bigint[] := '{}';
begin
	perform pg_advisory_xact_lock(x.k)
	from (select distinct hashtextextended('ask:' || p, 0) as k from unnest(in_people) as p order by 1) x;
	for c in
		select * from unnest(in_people, in_questions, in_talks, in_sessions, in_texts, in_wholes, in_nameds, in_quotes, in_behinds)
			with ordinality as u(person, question, talk, session, text, whole, named, quote, behind, ord)
		order by u.ord
	loop
		select * into one from ask_one(in_conference, c.person, c.question, c.talk, c.session, c.text, coalesce(c.whole, false),
			coalesce(c.named, false), coalesce(c.quote, 'no'), coalesce(c.behind, 0));
		if one.evs is null then
			return query select c.ord, case when one.reply is not null then with_positions(one.reply, null) end, one.fault, one.retry_after_ms;
		else
			ords := ords || c.ord;
			replies := replies || one.reply;
			froms := froms || cardinality(evs);
			evs := evs || one.evs;
			talks := talks || (one.reply ->> 'talk')::uuid;
		end if;
	end loop;
	if cardinality(ords) = 0 then
		return;
	end if;
	perform question_counts(in_conference, talks);
	return query
	with log as materialized (
		select width_bucket(l.ord - 1, froms) as i, json_object_agg(l.channel, l.position) as positions
		from channel_append(in_conference, evs) l group by 1
	)
	select ords[l.i], with_positions(replies[l.i], l.positions), null::text, null::int from log l;
end $$;

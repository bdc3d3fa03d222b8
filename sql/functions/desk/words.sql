-- Words that hold a question until a moderator has looked at it, a list for each language; and what people report.

-- The whole list of a language, once each as questions are looked at (folded), and kept as it was written; an empty list is none.
create or replace function words_set(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_language text, in_words text[])
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	folded text[] := array(select distinct f from unnest(in_words) w cross join lateral question_fold(w) as f order by f);
	-- Beside them, in their order; what cannot be seen is not kept.
	written text[] := array(select distinct on (f)
			left(btrim(regexp_replace(w, U&'[[:cntrl:]\00ad\061c\200b-\200f\202a-\202e\2060-\2069\feff]+', ' ', 'g')), 200)
		from unnest(in_words) with ordinality x(w, n) cross join lateral question_fold(w) as f order by f, n);
begin
	if not exists (select from role_grant g where g.conference = in_conference and g.person = in_actor and g.role = 'organiser') then
		return query select null::text, 'denied', null::json;
		return;
	elsif cardinality(folded) > 500 or exists (select from unnest(folded) f where char_length(f) not between 2 and 60) then
		return query select null::text, case when cardinality(folded) > 500 then 'limit.size' else 'bad_request' end,
			(select json_build_object('word', f) from unnest(folded) f where char_length(f) not between 2 and 60 limit 1);
		return;
	end if;
	perform pg_advisory_xact_lock(hashtextextended('words ' || in_conference || ' ' || in_language, 0));
	delete from word_list l where l.conference = in_conference and l.language = in_language and l.word <> all (folded);
	insert into word_list as l (conference, language, word, written)
	select in_conference, in_language, f, w from unnest(folded, written) x(f, w)
	on conflict on constraint word_list_once do update set written = excluded.written where l.written is distinct from excluded.written;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'qa.words', in_language, jsonb_build_object('words', cardinality(folded)));
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('language', in_language, 'words', to_json(written)), '{}'), null::text, null::json;
end $$;

create or replace function words_get(in_conference uuid) returns json
language sql stable as $$
	select json_build_object('words', coalesce(json_object_agg(l.language, l.words order by l.language), '{}'))
	from (select w.language, json_agg(coalesce(w.written, w.word) order by w.word) as words from word_list w where w.conference = in_conference group by w.language) l
$$;

-- One report a person and question. At the session's threshold of those that no moderator has looked at since, it is hidden until one does.
-- Who reported is told to nobody.
create or replace function report_set(in_conference uuid, in_actor uuid, in_question uuid, in_reason text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	was question;
	q question;
	done record;
	evs ev[];
	threshold int;
begin
	select * into was from question x where x.conference = in_conference and x.id = in_question for no key update;
	if was.id is null or not question_visible(was) then
		return query select case when r.question is not null then with_positions(json_build_object('question', was.id, 'reported', true), '{}') end,
			case when was.id is not null and r.question is null then 'qa.state' end, null::json
		from (values (was.id)) x(id) left join question_report r on r.question = x.id and r.person = in_actor where was.id is not null;
		return;
	elsif question_is_of(was, in_actor) then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	insert into question_report (question, person, reason) values (was.id, in_actor, in_reason)
	on conflict on constraint question_report_once do nothing;
	if not found then
		return query select with_positions(json_build_object('question', was.id, 'reported', true), '{}'), null::text, null::json;
		return;
	end if;
	update question x set reports = (select count(*) from question_report r where r.question = was.id and not r.settled)
	where x.id = was.id returning * into q;
	select s.report_threshold into threshold from talk t cross join lateral qa_settings_of(in_conference, t.session) s where t.id = q.talk;
	if q.reports >= threshold and q.state = 'approved' then
		select * into done from question_settle(q, question_next(q, 'hold', '{}'), null, 'report', null, question_members(q));
		q := done.new;
		evs := done.evs || row('talk:' || q.talk || ':mod', 'report.raised', json_build_object('question', q.id, 'reports', q.reports,
			'reasons', (select json_object_agg(r.reason, r.n) from (select coalesce(x.reason, 'other') as reason, count(*) as n
				from question_report x where x.question = q.id and not x.settled group by 1) r)))::ev;
	else
		evs := array[row('talk:' || q.talk || ':mod', 'question.updated',
			question_mod(q, question_votes(in_conference, q.talk, q.id)))::ev];
	end if;
	return query select write_done(in_conference, in_actor, null, null, json_build_object('question', q.id, 'reported', true), evs),
		null::text, null::json;
end $$;

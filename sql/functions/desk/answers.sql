-- What nobody answered in the session goes to its speakers; an answer in writing reaches whoever asked, by mail too once it is over.

-- In real time: when a session is over, so that what is written in it is not mailed while everybody sits there. Null: it runs, or is not
-- in the programme.
create or replace function session_over(in_conference uuid, in_session uuid) returns timestamptz
language sql stable as $$
	select case when bool_or(p.started is not null and p.ended is null) then null
		else max(coalesce(p.ended, greatest(upper(p.during), x.latest))) - max(c.clock_offset) end
	from published p join conference c on c.id = p.conference left join expected x on x.slot = p.slot
	where p.conference = in_conference and p.session = in_session and not p.cancelled
$$;

-- Somebody's own talks, up to 14 days after they were held: what people could see and nobody has answered. Whose it is, as attendees see it.
create or replace function unanswered(in_conference uuid, in_actor uuid) returns json
language sql stable as $$
	with mine as (
		select distinct t.id, t.title, t.ord, o.over from speaker s join talk_speaker ts on ts.speaker = s.id join talk t on t.id = ts.talk
			cross join lateral session_over(in_conference, t.session) as o(over)
		where s.conference = in_conference and s.person = in_actor and (o.over is null or o.over > now() - interval '14 days')
	), open as (
		select m.id, q from mine m join question q on q.talk = m.id
		where q.conference = in_conference and q.kind = 'asked' and not q.muted
			and (q.state in ('approved', 'on_stage') or q.state = 'archived' and q.prev_state = 'approved')
			and not exists (select from answer a where a.question = q.id)
	)
	select json_build_object('talks', coalesce(json_agg(json_build_object('id', m.id, 'title', m.title, 'until', iso(m.over + interval '14 days'),
		'questions', coalesce((select json_agg(json_build_object('id', (o.q).id, 'talk', m.id, 'text', (o.q).text, 'state', (o.q).state,
				'version', (o.q).version, 'votes', v.votes, 'asked_at', iso((o.q).asked_at),
				'author', (select json_build_object('name', p.name) from person p where (o.q).named and p.id = (o.q).person))
				order by v.votes desc, (o.q).first_visible_at, (o.q).id)
			from open o cross join lateral question_votes(in_conference, (o.q).talk, (o.q).id) as v(votes) where o.id = m.id), '[]'))
		order by m.over nulls first, m.ord, m.id), '[]'))
	from mine m
$$;

-- An answer is written: it will be mailed, but not before it could be taken back.
create or replace function answer_watch() returns trigger
language plpgsql as $$
begin
	insert into due as d (conference, kind, subject, at) values (new.conference, 'answer', new.question::text, now() + interval '1 minute')
	on conflict on constraint due_once do update set at = least(d.at, excluded.at);
	return null;
end $$;

create or replace trigger answer_watch after insert or update on answer for each row execute function answer_watch();

-- Whoever asked without a name known to us is told in the page alone.
create or replace function due_answer(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	a answer;
	q question;
	t talk;
	over timestamptz;
begin
	select * into a from answer x where x.conference = in_conference and x.question = in_subject::uuid;
	select * into q from question x where x.id = a.question;
	select * into t from talk x where x.id = q.talk;
	over := session_over(in_conference, t.session);
	if q.person is null or q.muted then
		return;
	elsif over is null or over > now() then
		insert into due (conference, kind, subject, at)
		values (in_conference, 'answer', in_subject, greatest(now() + interval '1 minute', least(over, now() + interval '15 minutes')))
		on conflict on constraint due_once do nothing;
		return;
	end if;
	perform mail_queue(in_conference, q.person, 'answer:' || q.id, 'Your question: ' || regexp_replace(t.title, '[[:cntrl:]]+', ' ', 'g'),
		format(E'Hello %s,\n\nyour question in "%s" has been answered%s.\n\nYou asked:\n%s\n\nThe answer:\n%s\n',
			(select p.name from person p where p.id = q.person), t.title,
			coalesce(' by ' || (select p.name from person p where p.id = a.person), ''), q.text, a.text));
end $$;

-- How a question looks: to attendees, to moderators, to its asker.

-- Whether attendees may see it. One that moderators prepared is nobody's to see before it is on stage.
drop function if exists question_visible(text);
create or replace function question_visible(q question) returns boolean
language sql immutable parallel safe as $$
	select q.state in ('approved', 'on_stage', 'answered') and not q.muted
		and (q.kind <> 'prepared' or q.state <> 'approved')
$$;

create or replace function question_votes(in_conference uuid, in_talk uuid, in_question uuid) returns bigint
language sql stable parallel safe as $$
	select coalesce((select t.value from channel c join tally t on t.channel = c.id
		where c.conference = in_conference and c.name = 'talk:' || in_talk and t.key = in_question::text), 0)
$$;

-- Who stands for a person in an anonymous session. Null: there is no salt, or there is none any more.
create or replace function qa_pseudonym(in_session uuid, in_person uuid) returns uuid
language sql stable parallel safe as $$
	select encode(substr(sha256(s.salt || uuid_send(in_person)), 1, 16), 'hex')::uuid from qa_salt s where s.session = in_session
$$;

-- Whom an asker's events are for. Of a pseudonym it takes a look at everybody; nothing keeps the answer but the log, for its 7 days.
create or replace function question_asker(q question) returns uuid
language sql stable as $$
	select case when q.pseudonym is null then q.person else (
		select p.id from talk t join qa_salt s on s.session = t.session join person p on p.conference = q.conference
		where t.id = q.talk and encode(substr(sha256(s.salt || uuid_send(p.id)), 1, 16), 'hex')::uuid = q.pseudonym) end
$$;

create or replace function question_is_of(q question, in_person uuid) returns boolean
language sql stable as $$
	select coalesce(q.person = in_person, q.pseudonym = (select qa_pseudonym(t.session, in_person) from talk t where t.id = q.talk), false)
$$;

create or replace function question_answer(in_question uuid, in_private boolean) returns json
language sql stable parallel safe as $$
	select json_build_object('text', a.text, 'by', p.name, 'at', iso(a.at))
	from answer a left join person p on p.id = a.person where a.question = in_question and (a.public or in_private)
$$;

-- What all three have.
create or replace function question_base(q question, in_state text, votes bigint) returns json
language sql stable parallel safe as $$
	select json_build_object('id', q.id, 'talk', q.talk, 'text', q.text, 'state', in_state, 'version', q.version,
		'votes', coalesce(votes, 0), 'asked_at', iso(q.asked_at), 'kind', q.kind)
$$;

-- Null for what attendees may not see: an event without data is refused by the log, so a slip cannot leak.
create or replace function question_public(q question, votes bigint) returns json
language sql stable parallel safe as $$
	select case when question_visible(q) then json_plus(question_base(q, q.state, votes), json_build_object(
		'edited', case when q.original is not null then true end,
		'author', (select json_build_object('name', p.name) from person p where q.named and p.id = q.person),
		'answer', question_answer(q.id, false), 'whole', case when q.whole then true end,
		'skipped', case when q.skipped is not null then true end)) end
$$;

-- Who changed it last: a person, or the chair.
create or replace function question_changed_by(in_question uuid) returns json
language sql stable parallel safe as $$
	select json_build_object('id', m.actor, 'name', coalesce(p.name, s.name))
	from mod_action m left join person p on p.id = m.actor left join station s on s.id = m.actor
	where m.question = in_question and coalesce(p.name, s.name) is not null
	order by m.id desc limit 1
$$;

drop function if exists question_mod(question, bigint, text);
create or replace function question_mod(q question, votes bigint) returns json
language sql stable parallel safe as $$
	select json_plus(json_build_object('id', q.id, 'talk', q.talk, 'text', q.text, 'state', q.state, 'version', q.version,
			'votes', coalesce(votes, 0), 'asked_at', iso(q.asked_at), 'kind', q.kind,
			'author', (select json_build_object('id', p.id, 'name', p.name) from person p where p.id = q.person),
			'origin', q.origin, 'named', q.named, 'quote', q.quote, 'hits', coalesce(to_json(q.hits[1:3]), '[]'),
			'reports', q.reports, 'muted', q.muted, 'reason', q.reason,
			'nth_wait', extract(epoch from coalesce(q.approved, now()) - q.created)::int),
		json_build_object('edited', case when q.original is not null then true end, 'whole', case when q.whole then true end,
			'skipped', case when q.skipped is not null then true end, 'silent', case when q.silent then true end,
			'original', q.original, 'revision', q.revision, 'merged_into', q.merged_into,
			'merged', (select json_agg(m.id order by m.id) from (select x.id from question x where x.merged_into = q.id
				order by x.id limit 10) m),
			'claim', (select json_build_object('by', json_build_object('id', c.person, 'name', p.name), 'until', iso(c.until))
				from claim c join person p on p.id = c.person where c.question = q.id and c.until > now()),
			'changed_by', question_changed_by(q.id), 'answer', question_answer(q.id, true),
			'private_answer', (select true from answer a where a.question = q.id and not a.public)))
$$;

-- What was dismissed silently, or asked by somebody who does not know of being muted, waits as far as its asker knows.
create or replace function question_own_state(q question) returns text
language sql immutable parallel safe as $$
	select case when (q.silent or q.muted) and q.state not in ('withdrawn', 'archived') then 'pending' else q.state end
$$;

create or replace function question_own(q question, votes bigint) returns json
language sql stable parallel safe as $$
	select json_plus(json_build_object('id', q.id, 'talk', q.talk, 'text', q.text, 'state', question_own_state(q),
			'version', q.version, 'votes', coalesce(votes, 0), 'asked_at', iso(q.asked_at), 'kind', q.kind, 'mine', true,
			'reason', case when not q.silent then q.reason end),
		json_build_object('edited', case when q.original is not null then true end,
			'author', (select json_build_object('name', p.name) from person p where q.named and p.id = q.person),
			'answer', question_answer(q.id, true), 'whole', case when q.whole then true end,
			'skipped', case when q.skipped is not null then true end, 'revision', q.revision, 'into', q.merged_into))
$$;

-- The questions somebody asked, in anonymous sessions too.
create or replace function questions_of(in_conference uuid, in_person uuid) returns setof question
language sql stable rows 10 as $$
	select q.* from question q where q.conference = in_conference and q.person = in_person
	union all
	select q.* from qa_salt s join talk t on t.session = s.session join question q on q.talk = t.id
	where s.conference = in_conference
		and q.pseudonym = encode(substr(sha256(s.salt || uuid_send(in_person)), 1, 16), 'hex')::uuid
$$;

-- Somebody in the hall is brought to the microphone by staff; somebody elsewhere is read out.

-- in_person is known by id or in_code by the HMAC of an entry code; else in_name is all there is. Who waits elsewhere already, or by
-- phone, keeps that place and stands in the hall now.
create or replace function mic_enter(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_talk uuid, in_code bytea,
	in_person uuid, in_name text, in_bad_code boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	place record;
	who uuid;
	entry mic_entry;
	refusal text;
begin
	select * into place from mic_window(in_conference, in_talk);
	if place.session is null then
		return;
	end if;
	if not mic_may(in_conference, in_actor, place.session) then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	if in_bad_code or num_nonnulls(in_code, in_person, in_name) <> 1 then
		return query select null::text, case when in_bad_code then 'mic.code' else 'bad_request' end, null::json;
		return;
	end if;
	select coalesce((select e.person from entry_code e where e.conference = in_conference and e.lookup = in_code and e.revoked is null
			and not exists (select from entry_code n where n.person = e.person and n.generation > e.generation)),
		(select p.id from person p where p.conference = in_conference and p.id = in_person)) into who;
	if who is null and in_name is null then
		return query select null::text, case when in_code is null then 'not_found' else 'mic.code' end, null::json;
		return;
	end if;
	perform mic_hold(in_conference, place.session);
	update mic_entry e set origin = 'room', version = e.version + (e.origin <> 'room')::int, changed_by = in_actor
	where e.session = place.session and e.person = who and e.state in ('waiting', 'called', 'connecting', 'heard')
	returning * into entry;
	if entry.id is null then
		refusal := mic_refusal(in_conference, who, place.session, place.open, place.paused);
		if refusal is not null then
			return query select null::text, refusal, null::json;
			return;
		end if;
		insert into mic_entry (conference, session, talk, person, name, origin, changed_by)
		values (in_conference, place.session, in_talk, who, case when who is null then in_name end, 'room', in_actor)
		returning * into entry;
	end if;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'mic.enter', entry.id::text, jsonb_build_object('session', place.session, 'talk', in_talk));
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('entry', entry.id, 'session', entry.session, 'name', mic_name(entry), 'state', entry.state,
			'version', entry.version), mic_tell(in_conference, place.session, array[entry.id])), null::text, null::json;
end $$;

-- "Read it out for me": the words become a spoken question that waits for a moderator, and the place stays until one acts. The same
-- words asked before by the same person are that question. Without words it is taken back.
create or replace function mic_read_out(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_entry uuid, in_text text)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	old mic_entry;
	asked question;
	evs ev[] := '{}';
begin
	select * into old from mic_entry e where e.conference = in_conference and e.id = in_entry;
	if not found then
		return;
	end if;
	if old.person is distinct from in_actor then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	perform mic_hold(in_conference, old.session);
	select * into old from mic_entry e where e.id = in_entry for update;
	if old.state not in ('waiting', 'called', 'connecting') then
		return query select null::text, 'mic.state', mic_own(old, null, null);
		return;
	end if;
	if in_text is not null then
		select * into asked from mic_spoken(in_conference, old, in_text);
		if asked.state = 'pending' and asked.version = 1 then
			perform question_counts(in_conference, array[asked.talk]);
			evs := mic_asked(asked);
		end if;
	end if;
	update mic_entry e set read_out = in_text is not null, question = coalesce(asked.id, e.question), version = e.version + 1,
		changed_by = in_actor
	where e.id = in_entry returning * into old;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_strip_nulls(json_build_object('entry', old.id, 'session', old.session, 'state', old.state, 'version', old.version,
			'question', old.question, 'read_out', old.read_out)),
		evs || mic_tell(in_conference, old.session, array[old.id])), null::text, null::json;
end $$;

create or replace function mic_spoken(in_conference uuid, e mic_entry, in_text text) returns question
language plpgsql as $$
declare
	asked question;
begin
	insert into question (id, conference, talk, person, text, kind, origin, asked_at)
	values (gen_random_uuid(), in_conference, e.talk, e.person, in_text, 'spoken', e.origin, plenum_now(in_conference))
	on conflict on constraint question_duplicate do nothing
	returning * into asked;
	if asked.id is null then
		select * into asked from question q where q.talk = e.talk and q.person = e.person and q.text = in_text;
	end if;
	return asked;
end $$;

create or replace function mic_asked(q question) returns ev[]
language sql stable as $$
	select array[row('talk:' || q.talk || ':mod', 'question.added', question_mod(q, 0))::ev,
		row('person:' || p.id, 'question.updated', question_own(q, 0))::ev]
	from person p where p.id = q.person
$$;

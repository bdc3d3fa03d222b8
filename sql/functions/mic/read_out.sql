-- "Read it out for me": somebody who waits gives a moderator the words.

-- The words become a spoken question that waits for a moderator, and the place stays until one acts. The same words asked before by the
-- same person are that question. Without words it is taken back. The reply names the question only where the row may name the person: it
-- is kept beside who sent it.
create or replace function mic_read_out(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_entry uuid, in_text text)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	old mic_entry;
	said record;
	asked uuid;
	evs ev[] := '{}';
begin
	select * into old from mic_entry e where e.conference = in_conference and e.id = in_entry;
	if not found then
		return;
	end if;
	if not mic_is_of(old, in_actor) then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	perform pg_advisory_xact_lock(hashtextextended('ask:' || in_actor, 0));
	perform mic_hold(in_conference, old.session);
	select * into old from mic_entry e where e.id = in_entry for update;
	if old.state not in ('waiting', 'called', 'connecting') then
		return query select null::text, 'mic.state', mic_own(old, null, null);
		return;
	end if;
	if in_text is not null then
		select * into said from mic_spoken(in_conference, in_actor, old, in_text);
		if said.fault is not null then
			return query select null::text, said.fault, null::json;
			return;
		end if;
		asked := said.question;
		evs := coalesce(said.evs, '{}');
		perform question_counts(in_conference, array[old.talk]);
	end if;
	update mic_entry e set read_out = in_text is not null, question = coalesce(asked, e.question), version = e.version + 1,
		changed_by = coalesce(e.pseudonym, in_actor)
	where e.id = in_entry returning * into old;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_strip_nulls(json_build_object('entry', old.id, 'session', old.session, 'state', old.state, 'version', old.version,
			'question', case when old.pseudonym is null then old.question end, 'read_out', old.read_out)),
		evs || mic_tell(in_conference, old.session, array[old.id])), null::text, null::json;
end $$;

-- Whose it is by the session's identity, held by the lists' words and by a mute as what is asked in writing; one of the ten that somebody
-- may ask of a talk.
drop function if exists mic_spoken(uuid, mic_entry, text);
drop function if exists mic_asked(question);
create or replace function mic_spoken(in_conference uuid, in_actor uuid, e mic_entry, in_text text, out question uuid, out fault text,
	out evs ev[])
language plpgsql as $$
#variable_conflict use_column
declare
	how text := qa_muted(in_conference, in_actor, e.pseudonym);
	nothing question;
	q question;
	place smallint;
begin
	select x.* into q from question x
	where x.talk = e.talk and x.text = in_text and (x.person = e.person or x.pseudonym = e.pseudonym);
	if found then
		question := q.id;
		return;
	end if;
	select n into place from generate_series(1, 10) as n where not exists (
		select from question x where x.talk = e.talk and x.nth = n and (x.person = e.person or x.pseudonym = e.pseudonym))
	order by n limit 1;
	fault := case when how = 'hard' then 'qa.muted' when place is null then 'limit.rate' end;
	if fault is not null then
		return;
	end if;
	insert into question as x (id, conference, talk, person, pseudonym, text, kind, origin, nth, named, hits, muted, asked_at)
	values (gen_random_uuid(), in_conference, e.talk, e.person, e.pseudonym, in_text, 'spoken', e.origin, place,
		qa_identity(in_conference, e.session) = 'named', question_hits(in_conference, in_text), how is not null,
		plenum_now(in_conference))
	returning x.* into q;
	question := q.id;
	evs := question_events(nothing, q, in_actor);
end $$;

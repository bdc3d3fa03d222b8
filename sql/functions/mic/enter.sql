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
	alias uuid;
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
	if qa_identity(in_conference, place.session) = 'anonymous' then
		alias := qa_pseudonym(place.session, who);
	end if;
	update mic_entry e set origin = 'room', version = e.version + (e.origin <> 'room')::int, changed_by = in_actor
	where e.session = place.session and (e.person = who or e.pseudonym = alias) and e.state in ('waiting', 'called', 'connecting', 'heard')
	returning * into entry;
	if entry.id is null then
		refusal := mic_refusal(in_conference, who, alias, place.session, place.open, place.paused);
		if refusal is not null then
			return query select null::text, refusal, null::json;
			return;
		end if;
		insert into mic_entry (conference, session, talk, person, pseudonym, name, origin, changed_by)
		values (in_conference, place.session, in_talk, case when alias is null then who end, alias, case when who is null then in_name end, 'room', in_actor)
		returning * into entry;
	end if;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'mic.enter', entry.id::text, jsonb_build_object('session', place.session, 'talk', in_talk));
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('entry', entry.id, 'session', entry.session, 'name', mic_name(entry), 'state', entry.state,
			'version', entry.version), mic_tell(in_conference, place.session, array[entry.id])), null::text, null::json;
end $$;

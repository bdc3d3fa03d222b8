-- Editing the sessions of the draft with their talks.

-- Why a session's talks cannot become those of in_talks: [{id?, title, speakers: [ids]}]. One with questions, or one that has begun, stays.
-- Null: they can.
create or replace function session_talks_refusal(in_conference uuid, in_session uuid, in_talks jsonb, out fault text, out current json)
language plpgsql stable as $$
declare
	kept uuid[] := array(select (x ->> 'id')::uuid from jsonb_array_elements(in_talks) x where x ? 'id');
begin
	if (select count(distinct k) from unnest(kept) k) <> cardinality(kept) then
		fault := 'bad_request';
		return;
	end if;
	if exists (select from unnest(kept) k where not exists (select from talk t where t.id = k and t.session = in_session))
		or exists (select from jsonb_array_elements(in_talks) x, jsonb_array_elements_text(x -> 'speakers') g
			where not exists (select from speaker p where p.id = g::uuid and p.conference = in_conference))
	then
		fault := 'not_found';
		return;
	end if;
	select 'session.used', json_build_object('talks', json_agg(json_build_object('id', t.id, 'title', t.title) order by t.ord))
	into fault, current
	from talk t
	where t.session = in_session and t.id <> all (kept)
		and (t.started is not null or exists (select from question q where q.talk = t.id))
	having count(*) > 0;
end $$;

-- A talk keeps its id, because questions hang on it.
create or replace function session_talks(in_conference uuid, in_session uuid, in_talks jsonb) returns void
language plpgsql as $$
declare
	wanted uuid[] := array(select coalesce((x ->> 'id')::uuid, gen_random_uuid())
		from jsonb_array_elements(in_talks) with ordinality as u(x, i) order by i);
begin
	delete from talk t where t.session = in_session and t.id <> all (wanted);
	update talk t set ord = u.i, title = in_talks -> (u.i::int - 1) ->> 'title'
	from unnest(wanted) with ordinality as u(id, i)
	where t.id = u.id and t.session = in_session;
	insert into talk (id, conference, session, ord, title)
	select u.id, in_conference, in_session, u.i, in_talks -> (u.i::int - 1) ->> 'title'
	from unnest(wanted) with ordinality as u(id, i)
	where not exists (select from talk t where t.id = u.id);
	delete from talk_speaker ts using talk t where t.id = ts.talk and t.session = in_session;
	insert into talk_speaker (talk, speaker, ord)
	select u.id, g.speaker::uuid, min(g.n)
	from unnest(wanted) with ordinality as u(id, i),
		jsonb_array_elements_text(in_talks -> (u.i::int - 1) -> 'speakers') with ordinality as g(speaker, n)
	group by u.id, g.speaker;
end $$;

-- Null keeps what is there, '' empties it. A new session without talks gets one of its own title, and a session's only talk of the same
-- title goes with it when it is renamed: that is what a talk without further parts is.
create or replace function session_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_session uuid, in_title text,
	in_subtitle text, in_abstract text, in_description text, in_language text, in_kind text, in_track text, in_talks jsonb,
	in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held session;
	refused text;
	in_track_id uuid := nullif(in_track, '')::uuid;
	talks jsonb := in_talks;
	answer record;
begin
	-- One at a time makes new sessions: each takes the next number.
	perform from conference k where k.id = in_conference for no key update;
	select * into held from session s where s.id = in_session and s.conference = in_conference for update;
	refused := save_refusal(in_expect, held.version);
	if refused is not null then
		return query select null::text, refused, case when held.id is not null then session_draft(held) end;
		return;
	end if;
	if in_track_id is not null and not exists (select from track t where t.id = in_track_id and t.conference = in_conference) then
		return;
	end if;
	if talks is not null then
		select * into answer from session_talks_refusal(in_conference, in_session, talks) t;
		if answer.fault is not null then
			return query select null::text, answer.fault, answer.current;
			return;
		end if;
	end if;
	if held.id is null then
		insert into session (id, conference, guid, number, slug, title, subtitle, abstract, description, language, kind, track)
		select in_session, k.id, in_session, n.number, name_slug(k.slug || ' ' || n.number || ' ' || in_title), in_title,
			coalesce(in_subtitle, ''), coalesce(in_abstract, ''), coalesce(in_description, ''), coalesce(in_language, ''),
			coalesce(in_kind, ''), in_track_id
		from conference k, (select coalesce(max(s.number), 0) + 1 as number from session s where s.conference = in_conference) n
		where k.id = in_conference;
		talks := coalesce(talks, jsonb_build_array(jsonb_build_object('title', in_title, 'speakers', '[]'::jsonb)));
	else
		if talks is null then
			update talk t set title = in_title
			where t.session = held.id and t.title = held.title and held.title <> in_title
				and (select count(*) from talk o where o.session = held.id) = 1;
		end if;
		update session s set title = in_title, subtitle = coalesce(in_subtitle, s.subtitle),
			abstract = coalesce(in_abstract, s.abstract), description = coalesce(in_description, s.description),
			language = coalesce(in_language, s.language), kind = coalesce(in_kind, s.kind),
			track = case when in_track is null then s.track else in_track_id end, version = s.version + 1
		where s.id = held.id;
	end if;
	if talks is not null then
		perform session_talks(in_conference, in_session, talks);
	end if;
	select * into held from session s where s.id = in_session;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('session', held.id, 'version', held.version),
		array[draft_ev('session.saved', session_draft(held))]), null::text, null::json;
end $$;

-- Only what nobody has seen and nobody has asked about.
create or replace function session_remove(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_session uuid, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held session;
	used boolean;
begin
	select * into held from session s where s.id = in_session and s.conference = in_conference for update;
	if held.id is null then
		return;
	end if;
	used := exists (select from published p where p.session = held.id)
		or exists (select from talk t join question q on q.talk = t.id where t.session = held.id);
	if used or held.version <> in_expect then
		return query select null::text, case when held.version <> in_expect then 'conflict' else 'session.used' end,
			session_draft(held);
		return;
	end if;
	delete from session s where s.id = held.id and s.conference = in_conference;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('session', held.id),
		array[draft_ev('session.removed', json_build_object('id', held.id))]), null::text, null::json;
end $$;

-- The call itself: as people see it, as organisers keep it, and who is reminded of a draft.

create or replace function consents_asked(in_conference uuid) returns json
language sql stable as $$
	select coalesce(json_agg(json_build_object('kind', t.kind, 'version', t.version, 'text', t.text, 'text_da', t.text_da,
		'required', t.required) order by t.ord, t.kind), '[]')
	from (select distinct on (kind) * from consent_text where conference = in_conference order by kind, version desc) t
	where not t.retired
$$;

create or replace function call_tracks(in_conference uuid) returns json
language sql stable as $$
	select coalesce(json_agg(json_build_object('id', id, 'name', name, 'color', color) order by ord, name), '[]')
	from track where conference = in_conference
$$;

-- call.get. Without a call there is nothing to hand in to: not_found.
create or replace function call_get(in_conference uuid, in_actor uuid) returns table (reply text)
language plpgsql stable as $$
begin
	return query
	select json_strip_nulls(json_build_object(
		'opens', call_when(c.opens_text, c.opens_label, c.opens_zone, c.opens),
		'closes', call_when(c.closes_text, c.closes_label, c.closes_zone, c.closes),
		'state', call_state(c, plenum_now(in_conference)), 'time', iso(plenum_now(in_conference)),
		'answers', c.answers, 'answers_da', c.answers_da, 'intro', c.intro, 'intro_da', c.intro_da,
		'limit', c.characters, 'version', c.version,
		'tracks', call_tracks(in_conference), 'consents', consents_asked(in_conference),
		'late', (select json_build_object('until', iso(l.until), 'open', l.until >= plenum_now(in_conference))
			from call_late l join person p on p.conference = l.conference and p.email = l.email
			where l.conference = in_conference and p.id = in_actor),
		'mine', (select json_build_object('drafts', count(*) filter (where state = 'draft'),
				'submitted', count(*) filter (where state = 'submitted'))
			from abstract a where in_actor is not null and a.conference = in_conference and a.person = in_actor
			having count(*) > 0)))::text
	from call c where c.conference = in_conference;
end $$;

-- call.settings: what organisers see beside it, its past and its counts; all of it empty before there is a call.
create or replace function call_settings(in_conference uuid) returns table (reply text)
language sql stable as $$
	select json_build_object(
		'call', (select json_build_object(
				'version', c.version, 'opens', call_when(c.opens_text, c.opens_label, c.opens_zone, c.opens),
				'closes', call_when(c.closes_text, c.closes_label, c.closes_zone, c.closes),
				'grace_s', extract(epoch from c.grace)::int, 'answers', c.answers, 'answers_da', c.answers_da,
				'intro', c.intro, 'intro_da', c.intro_da, 'limit', c.characters, 'state', call_state(c, plenum_now(in_conference)),
				'saved', iso(c.saved))
			from call c where c.conference = in_conference),
		'zone', (select zone from conference where id = in_conference),
		'time', iso(plenum_now(in_conference)),
		'consents', consents_asked(in_conference), 'tracks', call_tracks(in_conference),
		'revisions', coalesce((select json_agg(json_build_object('version', r.version, 'saved', iso(r.saved), 'by', p.name,
				'opens', r.content -> 'opens', 'closes', r.content -> 'closes', 'grace_s', r.content -> 'grace_s')
				order by r.version desc)
			from call_revision r left join person p on p.id = r.by_person where r.conference = in_conference), '[]'),
		'late', coalesce((select json_agg(json_build_object('email', l.email, 'name', p.name, 'until', iso(l.until),
				'reason', l.reason, 'at', iso(l.at)) order by l.until desc, l.email)
			from call_late l left join person p on p.conference = l.conference and p.email = l.email
			where l.conference = in_conference), '[]'),
		'counts', (select json_build_object('draft', count(*) filter (where state = 'draft'),
				'submitted', count(*) filter (where state = 'submitted'),
				'withdrawn', count(*) filter (where state = 'withdrawn'))
			from abstract where conference = in_conference))::text
$$;

-- Words that differ from the newest are a version of their own; kinds no longer named are asked for no more.
create or replace function consents_keep(in_conference uuid, in_consents jsonb) returns void
language plpgsql as $$
begin
	update consent_text t set retired = true
	where t.conference = in_conference and not t.retired
		and not exists (select from jsonb_array_elements(in_consents) x where x ->> 'kind' = t.kind);
	insert into consent_text (conference, kind, version, text, text_da, required, ord)
	select in_conference, x ->> 'kind', coalesce(newest.version, 0) + 1, x ->> 'text', coalesce(x ->> 'text_da', ''),
		coalesce((x ->> 'required')::boolean, false), n
	from jsonb_array_elements(in_consents) with ordinality as e(x, n)
	left join lateral (select * from consent_text t where t.conference = in_conference and t.kind = x ->> 'kind'
		order by t.version desc limit 1) newest on true
	where newest.version is null or (newest.text, newest.text_da, newest.required, newest.retired)
		is distinct from (x ->> 'text', coalesce(x ->> 'text_da', ''), coalesce((x ->> 'required')::boolean, false), false);
	update consent_text t set ord = n from jsonb_array_elements(in_consents) with ordinality as e(x, n)
	where t.conference = in_conference and t.kind = x ->> 'kind' and t.ord <> n;
end $$;

-- Reminders of a draft: three days before the end and one. `due` goes by real time, so they move with the clock and the deadline.
create or replace function call_schedule(in_conference uuid) returns void
language plpgsql as $$
begin
	delete from due d where d.conference = in_conference and d.kind = 'call';
	insert into due (conference, kind, subject, at)
	select in_conference, 'call', 'remind:' || h, c.closes - make_interval(hours => h) - f.clock_offset
	from call c join conference f on f.id = c.conference cross join unnest(array[72, 24]) h
	where c.conference = in_conference and c.closes > plenum_now(in_conference)
	on conflict on constraint due_once do nothing;
end $$;

create or replace function call_clock_moved() returns trigger
language plpgsql as $$
begin
	perform call_schedule(new.id);
	return null;
end $$;

create or replace trigger call_clock_moved after update of clock_offset on conference
	for each row when (old.clock_offset is distinct from new.clock_offset) execute function call_clock_moved();

create or replace function due_call(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	c call;
	hours int := substring(in_subject from '\d+')::int;
	clock timestamptz := plenum_now(in_conference);
begin
	select * into c from call where conference = in_conference;
	if c.conference is null or clock > c.closes or clock < c.closes - make_interval(hours => hours)
		or (hours > 24 and clock > c.closes - interval '24 hours')
	then
		return;
	end if;
	perform mail_tell(in_conference, a.person, 'call.reminder', a.id || ':' || hours || ':' || extract(epoch from c.closes)::bigint,
		jsonb_build_object('title', coalesce(nullif(a.title, ''), '–'), 'closes',
			-- As announced; in words where the announcement is in the conference's own zone.
			case when c.closes_zone = (select zone from conference where id = in_conference) then iso(c.closes)
				else c.closes_text || ' ' || c.closes_label end))
	from abstract a where a.conference = in_conference
		and (a.state = 'draft' or (a.state = 'submitted' and exists (select from abstract_draft d where d.abstract = a.id)));
end $$;

-- Every version is kept. Who was refused a moment ago is let in by the same transaction: the gate is the row, nothing is set beside it.
create or replace function call_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_version int, in_opens json,
	in_closes json, in_grace int, in_limit int, in_words jsonb, in_consents jsonb)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	was call;
	made call;
	opening record;
	closing record;
begin
	perform from conference where id = in_conference for no key update;
	select * into was from call c where c.conference = in_conference for update;
	if coalesce(was.version, 0) <> in_version then
		return query select null::text, 'conflict', json_build_object('version', coalesce(was.version, 0));
		return;
	end if;
	select * into opening from call_instant(in_opens ->> 'text', in_opens ->> 'label', in_opens ->> 'zone', 'opens');
	select * into closing from call_instant(in_closes ->> 'text', in_closes ->> 'label', in_closes ->> 'zone', 'closes');
	if coalesce(opening.fault, closing.fault) is not null then
		return query select null::text, coalesce(opening.fault, closing.fault),
			case when opening.fault is not null then opening.current else closing.current end;
		return;
	end if;
	insert into call as c (conference, opens_text, opens_label, opens_zone, opens, closes_text, closes_label, closes_zone, closes, grace,
		answers, answers_da, intro, intro_da, characters, by_person)
	values (in_conference, in_opens ->> 'text', in_opens ->> 'label', in_opens ->> 'zone', opening.at, in_closes ->> 'text',
		in_closes ->> 'label', in_closes ->> 'zone', closing.at, make_interval(secs => in_grace), coalesce(in_words ->> 'answers', ''),
		coalesce(in_words ->> 'answers_da', ''), coalesce(in_words ->> 'intro', ''), coalesce(in_words ->> 'intro_da', ''),
		in_limit, in_actor)
	on conflict on constraint call_once do update set version = c.version + 1, opens_text = excluded.opens_text,
		opens_label = excluded.opens_label, opens_zone = excluded.opens_zone, opens = excluded.opens, closes_text = excluded.closes_text,
		closes_label = excluded.closes_label, closes_zone = excluded.closes_zone, closes = excluded.closes, grace = excluded.grace,
		answers = excluded.answers, answers_da = excluded.answers_da, intro = excluded.intro, intro_da = excluded.intro_da,
		characters = excluded.characters, saved = now(), by_person = excluded.by_person
	returning * into made;
	perform consents_keep(in_conference, in_consents);
	insert into call_revision (conference, version, content, saved, by_person)
	values (in_conference, made.version, jsonb_build_object('opens', call_when(made.opens_text, made.opens_label, made.opens_zone, made.opens),
		'closes', call_when(made.closes_text, made.closes_label, made.closes_zone, made.closes), 'grace_s', in_grace,
		'limit', in_limit, 'words', in_words, 'consents', consents_asked(in_conference)), made.saved, in_actor);
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'call.save', in_conference, jsonb_build_object('version', made.version, 'closes', made.closes, 'was', was.closes));
	perform call_schedule(in_conference);
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('version', made.version,
			'opens', call_when(made.opens_text, made.opens_label, made.opens_zone, made.opens),
			'closes', call_when(made.closes_text, made.closes_label, made.closes_zone, made.closes),
			'state', call_state(made, plenum_now(in_conference))),
		array[row('draft', 'call.changed', json_build_object('version', made.version))::ev]), null::text, null::json;
end $$;

-- Somebody by name, until an instant of their own; again replaces it, an instant that has passed takes it away.
create or replace function call_late_set(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_email text, in_until text,
	in_reason text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	zone_name text := (select zone from conference where id = in_conference);
	ends record;
	who uuid;
begin
	select * into ends from local_instant(zone_name, in_until);
	if ends.fault is not null then
		return query select null::text, ends.fault, (ends.current::jsonb || '{"field":"until"}')::json;
		return;
	elsif not exists (select from call c where c.conference = in_conference) then
		return;
	end if;
	insert into call_late as l (conference, email, until, reason, by_person)
	values (in_conference, in_email, ends.at, in_reason, in_actor)
	on conflict on constraint call_late_once do update set until = excluded.until, reason = excluded.reason,
		by_person = excluded.by_person, at = now();
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'call.late', in_conference, jsonb_build_object('email', in_email, 'until', ends.at, 'reason', in_reason));
	select p.id into who from person p where p.conference = in_conference and p.email = in_email;
	if who is not null and ends.at > plenum_now(in_conference) then
		perform mail_tell(in_conference, who, 'call.late', extract(epoch from ends.at)::bigint::text,
			jsonb_build_object('until', iso(ends.at)));
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('email', in_email, 'until', iso(ends.at),
			'known', who is not null),
		array[row('draft', 'call.changed', json_build_object('late', in_email))::ev]), null::text, null::json;
end $$;

-- Segments: conditions under a name; whom they mean now; what is written to them, once.

-- Everybody of whom all conditions hold. Unknown ones are refused by segment_wrong(); an empty condition is everybody who registered.
create or replace function segment_people(in_conference uuid, condition jsonb) returns setof person
language sql stable as $$
	select p.* from person p left join registration r on r.person = p.id
	where p.conference = in_conference and p.email not like '%@walk-in.invalid'
		and (condition <> '{}' or coalesce(r.state = 'confirmed', false))
		and (condition -> 'registered' is null or (condition ->> 'registered')::boolean = coalesce(r.state = 'confirmed', false))
		and (condition -> 'mode' is null or p.mode = condition ->> 'mode')
		and (condition -> 'outcome' is null or exists (select from abstract a where a.person = p.id and a.conference = in_conference
			and a.state = 'submitted' and a.outcome = condition ->> 'outcome'))
		and (condition -> 'abstract' is null or exists (select from abstract a where a.person = p.id and a.conference = in_conference
			and a.state = condition ->> 'abstract'))
		and (condition -> 'invited' is null or (condition ->> 'invited')::boolean = exists (select from invitation i where i.person = p.id
			and i.conference = in_conference and i.state = 'sent' and i.expires > plenum_now(in_conference)))
		and (condition -> 'inside' is null or (condition ->> 'inside')::boolean = exists (select from admission a where a.person = p.id
			and a.conference = in_conference and a.undone is null))
		and (condition -> 'role' is null or exists (select from role_grant g where g.conference = in_conference and g.person = p.id
			and g.role = condition ->> 'role'))
		and (condition -> 'language' is null or p.language = condition ->> 'language')
$$;

create or replace function segment_wrong(condition jsonb) returns boolean
language sql immutable as $$
	select jsonb_typeof(condition) <> 'object' or exists (select from jsonb_each(condition) x(name, value) where not case
		when name in ('registered', 'invited', 'inside') then jsonb_typeof(value) = 'boolean'
		when name = 'mode' then value in ('"on_site"', '"online"')
		when name = 'outcome' then value in ('"talk"', '"poster"', '"standby"', '"declined"')
		when name = 'abstract' then value in ('"draft"', '"submitted"', '"withdrawn"')
		when name = 'language' then value in ('"en"', '"da"')
		when name = 'role' then value in ('"speaker"', '"moderator"', '"desk"', '"reviewer"', '"juror"', '"organiser"')
		else false end)
$$;

create or replace function segment_json(s segment) returns json
language sql stable as $$
	select json_build_object('segment', s.id, 'name', s.name, 'condition', s.condition, 'version', s.version,
		'people', (select count(*) from segment_people(s.conference, s.condition)),
		'sent', (select json_agg(json_build_object('at', iso(m.at), 'recipients', m.recipients, 'subject', m.subject ->> 'en') order by m.at desc)
			from (select * from segment_mail x where x.segment = s.id order by x.at desc limit 5) m))
$$;

create or replace function segment_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_segment uuid, in_name text,
	in_condition jsonb, in_version int)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	s segment;
begin
	if segment_wrong(in_condition) then
		return query select null::text, 'bad_request', null::json;
		return;
	end if;
	select * into s from segment x where x.id = in_segment for update;
	if found and (s.conference <> in_conference or s.version <> coalesce(in_version, 0)) then
		return query select null::text, 'conflict', case when s.conference = in_conference then segment_json(s) end;
		return;
	end if;
	if s.id is null and (select count(*) >= 100 from segment x where x.conference = in_conference) then
		return query select null::text, 'limit.size', null::json;
		return;
	end if;
	insert into segment as x (id, conference, name, condition) values (in_segment, in_conference, in_name, in_condition)
	on conflict on constraint segment_key do update set name = excluded.name, condition = excluded.condition, version = x.version + 1, saved = now()
	returning * into s;
	return query select write_done(in_conference, in_actor, in_key, in_hash, segment_json(s), '{}'), null::text, null::json;
end $$;

-- Whom it means now, as one word: who sends says what they saw.
create or replace function segment_seen(in_conference uuid, condition jsonb) returns text
language sql stable as $$
	select md5(coalesce(string_agg(p.id || p.email, ',' order by p.id), '')) from segment_people(in_conference, condition) p
$$;

-- What one of them would read, in a language; null: nobody reads that.
create or replace function segment_example(in_conference uuid, condition jsonb, in_language text, in_subject jsonb, in_body jsonb) returns json
language sql stable as $$
	select json_build_object('to', p.name, 'subject', m.subject, 'text', mail_codeless(m.body))
	from (select * from segment_people(in_conference, condition) x where x.language = in_language order by x.name, x.id limit 1) p
		cross join lateral mail_render(in_conference, p.name, in_language, 'segment', segment_vars(in_language, in_subject, in_body)) m
$$;

-- Danish readers get the English words when there are no Danish ones.
create or replace function segment_vars(in_language text, in_subject jsonb, in_body jsonb) returns jsonb
language sql immutable as $$
	select jsonb_build_object('subject', coalesce(in_subject ->> in_language, in_subject ->> 'en'), 'text', coalesce(in_body ->> in_language, in_body ->> 'en'))
$$;

-- One mail to each of those who were seen, in the transaction that keeps that it was sent. Again with the same id: nothing.
create or replace function segment_send(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_mail uuid, in_segment uuid,
	in_subject jsonb, in_body jsonb, in_seen text)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	s segment;
	n int;
begin
	select * into s from segment x where x.conference = in_conference and x.id = in_segment for update;
	if not found then
		return;
	end if;
	select m.recipients into n from segment_mail m where m.id = in_mail and m.conference = in_conference;
	if found then
		return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('recipients', n, 'noop', true), '{}'),
			null::text, null::json;
		return;
	end if;
	if segment_seen(in_conference, s.condition) <> in_seen then
		return query select null::text, 'segment.changed', segment_json(s);
		return;
	end if;
	perform mail_tell(in_conference, p.id, 'segment', in_mail::text, segment_vars(p.language, in_subject, in_body))
	from segment_people(in_conference, s.condition) p;
	get diagnostics n = row_count;
	insert into segment_mail (id, conference, segment, name, subject, body, recipients, by_person)
	values (in_mail, in_conference, in_segment, s.name, in_subject, in_body, n, (select x.id from person x where x.id = in_actor));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('recipients', n), '{}'), null::text, null::json;
end $$;

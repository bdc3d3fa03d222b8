-- An abstract's way from what is typed to what was handed in. Locks: the call (shared), the abstract, the conference's numbers, channels.

create or replace function abstract_events(a abstract) returns ev[]
language sql stable as $$
	select array[row('person:' || a.person, 'abstract.changed', json_build_object('abstract', a.id, 'state', a.state, 'version', a.version,
			'number', a.number))::ev,
		row('draft', 'call.changed', json_build_object('abstract', a.id, 'state', a.state))::ev]
$$;

-- The first thing that is missing, or null. Consents are asked of people, not of imports (null).
create or replace function abstract_missing(in_conference uuid, in_content jsonb, in_limit int, in_consents jsonb) returns text
language sql stable as $$
	select case
		when btrim(coalesce(in_content ->> 'title', '')) = '' then 'title'
		when btrim(coalesce(in_content ->> 'body', '')) = '' or char_length(in_content ->> 'body') > in_limit then 'body'
		when jsonb_array_length(in_content -> 'authors') = 0
			or exists (select from jsonb_array_elements(in_content -> 'authors') u
				where btrim(u ->> 'name') = '' or (coalesce(u ->> 'email', '') <> '' and (u ->> 'email') !~ '^[^@\s]+@[^@\s]+\.[^@\s]+$'))
			then 'authors'
		when (select count(*) from jsonb_array_elements(in_content -> 'authors') u where (u ->> 'presents')::boolean) <> 1 then 'presenter'
		when exists (select from track t where t.conference = in_conference)
			and not exists (select from track t where t.conference = in_conference and in_content -> 'tracks' ? t.id::text) then 'tracks'
		when in_consents is not null and exists (
			select from json_array_elements(consents_asked(in_conference)) k
			where (k ->> 'required')::boolean and not exists (select from jsonb_array_elements(in_consents) g
				where g ->> 'kind' = k ->> 'kind' and g ->> 'version' = k ->> 'version' and (g ->> 'given')::boolean)) then 'consents'
	end
$$;

-- A new one, empty, for whoever has fewer than ten. Null: they have.
create or replace function abstract_begin(in_conference uuid, in_actor uuid, in_abstract uuid) returns abstract
language plpgsql as $$
declare
	made abstract;
begin
	perform pg_advisory_xact_lock(hashtextextended('abstracts ' || in_actor, 0));
	if (select count(*) >= 10 from abstract a where a.conference = in_conference and a.person = in_actor and a.state <> 'withdrawn') then
		return null;
	end if;
	insert into abstract (id, conference, person, version, saved) values (in_abstract, in_conference, in_actor, 0, plenum_now(in_conference))
	returning * into made;
	return made;
end $$;

-- The row, locked, made when there is none and none is expected; or the fault. No row and no fault: not theirs.
create or replace function abstract_hold(in_conference uuid, in_actor uuid, in_abstract uuid, in_version int, in_received timestamptz,
	out held abstract, out fault text, out current json)
language plpgsql as $$
declare
	address text;
begin
	select p.email into address from person p where p.conference = in_conference and p.id = in_actor;
	select * into held from abstract a where a.conference = in_conference and a.id = in_abstract for update;
	if held.id is not null and held.person <> in_actor then
		held := null;
		return;
	end if;
	fault := nullif(call_gate(in_conference, address, in_received), '');
	if fault is null and held.outcome is not null then
		fault := 'abstract.decided';
	elsif fault is null and coalesce(held.version, 0) <> in_version then
		fault := 'conflict';
	end if;
	if fault is not null then
		current := case when held.id is not null then abstract_own(held) else jsonb_build_object('version', 0) end;
	elsif held.id is null then
		held := abstract_begin(in_conference, in_actor, in_abstract);
		fault := case when held.id is null then 'limit.size' end;
	end if;
end $$;

create or replace function abstract_draft_keep(a abstract, in_content jsonb) returns void
language sql as $$
	insert into abstract_draft as d (abstract, conference, content, saved) values (a.id, a.conference, in_content, plenum_now(a.conference))
	on conflict on constraint abstract_draft_once do update set content = excluded.content, saved = excluded.saved
$$;

-- abstract.save. What has been handed in stays as it is until the next abstract.submit.
create or replace function abstract_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_abstract uuid, in_content jsonb,
	in_version int, in_ms bigint)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	hold record;
	a abstract;
begin
	select * into hold from abstract_hold(in_conference, in_actor, in_abstract, in_version, call_received(in_conference, in_ms));
	if hold.fault is not null then
		return query select null::text, hold.fault, hold.current;
		return;
	end if;
	a := hold.held;
	if a.id is null then
		return;
	end if;
	perform abstract_draft_keep(a, in_content);
	update abstract x set version = x.version + 1, saved = plenum_now(in_conference),
		title = case x.state when 'draft' then left(in_content ->> 'title', 300) else x.title end,
		mode = case x.state when 'draft' then in_content ->> 'mode' else x.mode end
	where x.id = a.id returning * into a;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('abstract', a.id, 'version', a.version,
		'state', a.state, 'saved', iso(a.saved)), '{}'), null::text, null::json;
end $$;

-- Numbers have no gaps: given out under a lock of their own.
create or replace function abstract_number(in_conference uuid) returns int
language plpgsql as $$
begin
	perform pg_advisory_xact_lock(hashtextextended('abstract numbers ' || in_conference, 0));
	return (select coalesce(max(number), 0) + 1 from abstract where conference = in_conference);
end $$;

-- The content into the rows; the copy without names falls away with the words it was made of.
create or replace function abstract_put(in_abstract uuid, in_content jsonb, in_received timestamptz) returns abstract
language plpgsql as $$
declare
	made abstract;
	was abstract;
begin
	select * into was from abstract where id = in_abstract;
	update abstract x set state = 'submitted', number = coalesce(x.number, abstract_number(x.conference)), withdrawn = null,
		title = in_content ->> 'title', body = in_content ->> 'body', wish = in_content ->> 'wish', mode = in_content ->> 'mode',
		redacted = case when x.body = in_content ->> 'body' then x.redacted end, received = in_received,
		saved = plenum_now(x.conference), version = x.version + 1
	where x.id = in_abstract returning * into made;
	if was.state = 'draft' or abstract_content(was) <> in_content then
		delete from abstract_author where abstract = in_abstract;
		insert into abstract_author (conference, abstract, ord, name, affiliation, email, presents)
		select made.conference, in_abstract, n, u ->> 'name', coalesce(u ->> 'affiliation', ''), lower(nullif(u ->> 'email', '')),
			coalesce((u ->> 'presents')::boolean, false)
		from jsonb_array_elements(in_content -> 'authors') with ordinality as e(u, n);
		delete from abstract_track where abstract = in_abstract;
		insert into abstract_track (abstract, track)
		select in_abstract, t.id from track t where t.conference = made.conference and in_content -> 'tracks' ? t.id::text;
	end if;
	delete from abstract_draft where abstract = in_abstract;
	return made;
end $$;

-- A row for each consent whose answer or wording is new.
create or replace function consents_given(in_conference uuid, in_actor uuid, in_abstract uuid, in_consents jsonb) returns void
language sql as $$
	insert into consent (conference, person, abstract, kind, version, given, at)
	select in_conference, in_actor, in_abstract, g ->> 'kind', (g ->> 'version')::int, (g ->> 'given')::boolean, plenum_now(in_conference)
	from jsonb_array_elements(in_consents) g
	join json_array_elements(consents_asked(in_conference)) k on k ->> 'kind' = g ->> 'kind' and k ->> 'version' = g ->> 'version'
	left join lateral (select c.version, c.given from consent c where c.abstract = in_abstract and c.kind = g ->> 'kind'
		order by c.id desc limit 1) last on true
	where (last.version, last.given) is distinct from ((g ->> 'version')::int, (g ->> 'given')::boolean)
		and (last.version is not null or (g ->> 'given')::boolean)
$$;

-- abstract.submit. Content with it is saved and handed in at once; without, it is the draft. What is there already is a success that
-- changes nothing, even when the call has closed since.
create or replace function abstract_submit(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_abstract uuid,
	in_content jsonb, in_version int, in_consents jsonb, in_ms bigint)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	received timestamptz := call_received(in_conference, in_ms);
	most int;
	hold record;
	a abstract;
	missing text;
	typed jsonb;
	again boolean;
begin
	-- A deadline that is being moved is waited for; those that are handed in do not wait for each other.
	select c.characters into most from call c where c.conference = in_conference for share;
	select * into a from abstract x where x.conference = in_conference and x.id = in_abstract and x.person = in_actor for update;
	if a.state = 'submitted' and not exists (select from abstract_draft d where d.abstract = a.id)
		and (in_content is null or in_content = abstract_content(a))
	then
		return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('abstract', a.id, 'number', a.number,
			'state', a.state, 'version', a.version, 'received', iso(a.received), 'noop', true), '{}'), null::text, null::json;
		return;
	end if;
	select * into hold from abstract_hold(in_conference, in_actor, in_abstract, in_version, received);
	if hold.fault is not null then
		return query select null::text, hold.fault, hold.current;
		return;
	end if;
	a := hold.held;
	if a.id is null then
		return;
	end if;
	again := a.state = 'submitted';
	typed := coalesce(in_content, (select d.content from abstract_draft d where d.abstract = a.id), abstract_content(a));
	missing := abstract_missing(in_conference, typed, most, in_consents);
	if missing is not null then
		if a.version = 0 then
			delete from abstract x where x.id = a.id;
		end if;
		return query select null::text, 'abstract.incomplete', json_build_object('field', missing);
		return;
	end if;
	a := abstract_put(a.id, typed, received);
	perform consents_given(in_conference, in_actor, a.id, in_consents);
	if not again then
		perform mail_tell(in_conference, in_actor, 'call.received', a.id || ':' || a.version,
			jsonb_build_object('title', a.title, 'number', a.number::text));
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('abstract', a.id, 'number', a.number,
		'state', a.state, 'version', a.version, 'received', iso(a.received)), abstract_events(a)), null::text, null::json;
end $$;

-- abstract.withdraw: at any time before it is decided on. What was never handed in is gone with it.
create or replace function abstract_withdraw(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_abstract uuid, in_version int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	a abstract;
begin
	select * into a from abstract x where x.conference = in_conference and x.id = in_abstract and x.person = in_actor for update;
	if a.id is null then
		return;
	elsif a.state = 'withdrawn' then
		return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('abstract', a.id, 'state', a.state,
			'version', a.version, 'noop', true), '{}'), null::text, null::json;
		return;
	elsif a.outcome is not null or a.version <> in_version then
		return query select null::text, case when a.outcome is not null then 'abstract.decided' else 'conflict' end, abstract_own(a)::json;
		return;
	elsif a.state = 'draft' then
		delete from abstract x where x.id = a.id;
		a.state := 'gone';
	else
		update abstract x set state = 'withdrawn', withdrawn = plenum_now(in_conference), version = x.version + 1
		where x.id = a.id returning * into a;
		delete from abstract_draft d where d.abstract = a.id;
		perform mail_tell(in_conference, in_actor, 'call.withdrawn', a.id || ':' || a.version,
			jsonb_build_object('title', a.title, 'number', a.number::text));
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('abstract', a.id, 'state', a.state,
		'version', a.version), abstract_events(a)), null::text, null::json;
end $$;

-- abstract.redact: the copy reviewers read while they may not know whose it is; null: nothing has to be taken out.
create or replace function abstract_redact(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_abstract uuid,
	in_redacted text, in_version int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	a abstract;
begin
	select * into a from abstract x where x.conference = in_conference and x.id = in_abstract for update;
	if a.id is null then
		return;
	elsif a.version <> in_version or a.state <> 'submitted' then
		return query select null::text, 'conflict', json_build_object('version', a.version, 'state', a.state);
		return;
	end if;
	update abstract x set redacted = in_redacted where x.id = a.id;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'abstract.redact', a.id, jsonb_build_object('version', a.version, 'redacted', in_redacted is not null));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('abstract', a.id, 'version', a.version),
		array[row('draft', 'call.changed', json_build_object('abstract', a.id))::ev]), null::text, null::json;
end $$;

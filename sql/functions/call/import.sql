-- Abstracts from elsewhere. An organiser's word is taken for when they came; whoever is named and unknown becomes a person who may sign in.

-- Found again by the number it had elsewhere, else by its title and its submitter's address.
create or replace function abstract_known(in_conference uuid, in_source text, in_email text, in_title text) returns uuid
language sql stable as $$
	select coalesce(
		(select a.id from abstract a where a.conference = in_conference and a.source = in_source),
		(select a.id from abstract a join person p on p.id = a.person
			where a.conference = in_conference and p.email = in_email and lower(a.title) = lower(in_title)
				and (a.source is null or in_source is null)
			order by a.number limit 1))
$$;

-- Topics by their names; those the conference does not have are named, not made.
create or replace function abstract_topics(in_conference uuid, in_names jsonb, out tracks jsonb, out unknown text)
language sql stable as $$
	select coalesce(jsonb_agg(t.id) filter (where t.id is not null), '[]'),
		string_agg(n, ', ' order by x.ord) filter (where t.id is null)
	from jsonb_array_elements_text(coalesce(nullif(in_names, 'null'), '[]')) with ordinality x(n, ord)
	left join track t on t.conference = in_conference and people_fold(t.name) = people_fold(btrim(n))
$$;

-- The words that a consent from elsewhere is to: those it names, else those that are asked now. Null: there are none.
create or replace function consent_version(in_conference uuid, in_consent jsonb) returns int
language sql stable as $$
	select max(t.version) from consent_text t
	where t.conference = in_conference and t.kind = in_consent ->> 'kind'
		and case when (in_consent ->> 'version')::int > 0 then t.version = (in_consent ->> 'version')::int
			else exists (select from json_array_elements(consents_asked(in_conference)) k
				where k ->> 'kind' = t.kind and (k ->> 'version')::int = t.version) end
$$;

-- What is known of who agreed to what, as rows; a no as well, since it is known. What nobody says anything about has none.
create or replace function consents_imported(in_conference uuid, in_person uuid, in_abstract uuid, in_consents jsonb, in_at timestamptz)
returns boolean
language plpgsql as $$
begin
	insert into consent (conference, person, abstract, kind, version, given, at)
	select in_conference, in_person, in_abstract, g ->> 'kind', v.version, (g ->> 'given')::boolean, coalesce((g ->> 'at')::timestamptz, in_at)
	from jsonb_array_elements(in_consents) g
		cross join lateral (select consent_version(in_conference, g) as version) v
		left join lateral (select c.version, c.given from consent c where c.abstract = in_abstract and c.kind = g ->> 'kind'
			order by c.id desc limit 1) last on true
	where (last.version, last.given) is distinct from (v.version, (g ->> 'given')::boolean);
	return found;
end $$;

-- One row into the tables. The number it had is kept where it is free.
create or replace function abstract_import_one(in_conference uuid, r jsonb, in_content jsonb, in_known uuid) returns text
language plpgsql as $$
declare
	who uuid;
	one uuid := coalesce(in_known, gen_random_uuid());
	wanted int := nullif((r ->> 'number')::int, 0);
	before jsonb;
	target text := r ->> 'state';
begin
	insert into person (conference, email, name) values (in_conference, r ->> 'email', r ->> 'name')
	on conflict on constraint person_email_once do nothing;
	select p.id into who from person p where p.conference = in_conference and p.email = r ->> 'email';
	if in_known is null then
		insert into abstract (id, conference, person, version, source) values (one, in_conference, who, 0, r ->> 'source');
	else
		select coalesce((select d.content from abstract_draft d where d.abstract = a.id), abstract_content(a))
			|| jsonb_build_object('state', a.state) into before
		from abstract a where a.id = one for update;
		if before = in_content || jsonb_build_object('state', target) then
			return case when target <> 'draft' and consents_imported(in_conference, who, one, r -> 'consents',
				(select a.received from abstract a where a.id = one)) then 'updated' else 'unchanged' end;
		end if;
	end if;
	perform abstract_number(in_conference);
	update abstract a set number = case when wanted is not null and not exists (select from abstract b
			where b.conference = in_conference and b.number = wanted) then wanted end
	where a.id = one and a.number is null and target <> 'draft';
	if target = 'draft' and (before is null or before ->> 'state' = 'draft') then
		update abstract a set title = left(in_content ->> 'title', 300), mode = in_content ->> 'mode', version = a.version + 1
		where a.id = one;
		insert into abstract_draft as d (abstract, conference, content) values (one, in_conference, in_content)
		on conflict on constraint abstract_draft_once do update set content = excluded.content;
	else
		perform abstract_put(one, in_content, coalesce((r ->> 'submitted')::timestamptz,
			(select a.received from abstract a where a.id = one), plenum_now(in_conference)));
		if target = 'withdrawn' then
			update abstract a set state = 'withdrawn', withdrawn = plenum_now(in_conference) where a.id = one;
		end if;
		perform consents_imported(in_conference, who, one, r -> 'consents', (select a.received from abstract a where a.id = one));
	end if;
	return case when in_known is null then 'created' else 'updated' end;
end $$;

create or replace function abstract_import(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_rows jsonb, in_refused jsonb,
	dry boolean, partial boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	r jsonb;
	topics record;
	content jsonb;
	known uuid;
	why text;
	report jsonb := '[]';
	seen text[] := '{}';
	taken jsonb := '[]';
	mark text;
	strange text;
	refused int;
begin
	perform pg_advisory_xact_lock(hashtextextended('abstract import ' || in_conference, 0));
	for r in select x from jsonb_array_elements(in_rows) x loop
		select * into topics from abstract_topics(in_conference, r -> 'topics');
		content := (r -> 'content') || case when jsonb_typeof(r -> 'topics') = 'array' then jsonb_build_object('tracks', topics.tracks) else '{}' end;
		strange := (select string_agg(g ->> 'kind', ', ') from jsonb_array_elements(r -> 'consents') g where consent_version(in_conference, g) is null);
		mark := coalesce('s:' || (r ->> 'source'), (r ->> 'email') || ' ' || lower(content ->> 'title'));
		known := abstract_known(in_conference, r ->> 'source', r ->> 'email', content ->> 'title');
		why := case
			when mark = any (seen) then 'an earlier row is the same abstract'
			when strange is not null then 'this conference asks for no consent ' || strange
			when topics.unknown is not null then 'this conference has no topic ' || topics.unknown
			when r ->> 'state' <> 'draft' and abstract_missing(in_conference, content || '{"tracks":[]}', 6000, null) not in ('tracks')
				then 'this is missing or wrong: ' || abstract_missing(in_conference, content || '{"tracks":[]}', 6000, null)
			when exists (select from abstract a where a.id = known and a.outcome is not null) then 'it has been decided on already'
			when r ->> 'state' = 'draft' and exists (select from abstract a where a.id = known and a.state <> 'draft')
				then 'it is here already, and handed in: a draft does not replace it'
		end;
		seen := seen || mark;
		if why is not null then
			report := report || jsonb_build_array(jsonb_build_object('row', r -> 'row', 'result', 'refused', 'why', why, 'title', content ->> 'title'));
		else
			taken := taken || jsonb_build_array(r || jsonb_build_object('content', content, 'known', known));
		end if;
	end loop;
	refused := jsonb_array_length(report) + jsonb_array_length(in_refused);
	if refused > 0 and not partial and not dry then
		return query select null::text, 'import.refused', (select json_build_object('refused', json_agg(x order by (x ->> 'row')::int))
			from (select x - 'result' as x from jsonb_array_elements(report || in_refused) x limit 50) y);
		return;
	end if;
	for r in select x from jsonb_array_elements(taken) x loop
		known := (r ->> 'known')::uuid;
		report := report || jsonb_build_array(jsonb_build_object('row', r -> 'row', 'title', r -> 'content' ->> 'title', 'result',
			case when dry then case when known is null then 'created' else 'updated' end
			else abstract_import_one(in_conference, r, r -> 'content', known) end));
	end loop;
	report := report || (select coalesce(jsonb_agg(x || '{"result":"refused"}'), '[]') from jsonb_array_elements(in_refused) x);
	return query select write_done(in_conference, in_actor, in_key, in_hash, (select json_build_object(
			'created', count(*) filter (where x ->> 'result' = 'created'), 'updated', count(*) filter (where x ->> 'result' = 'updated'),
			'unchanged', count(*) filter (where x ->> 'result' = 'unchanged'), 'refused', count(*) filter (where x ->> 'result' = 'refused'),
			'dry_run', dry, 'rows', coalesce(json_agg(x order by (x ->> 'row')::int), '[]')) from jsonb_array_elements(report) x),
		case when dry then '{}' else array[row('draft', 'call.changed', json_build_object('imported', jsonb_array_length(taken)))::ev] end),
		null::text, null::json;
end $$;

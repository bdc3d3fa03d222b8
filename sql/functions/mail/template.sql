-- A conference's own words, and what stands in the outbox.

-- The first placeholder that a kind does not know; null: all are known.
create or replace function mail_unknown(in_kind text, said text) returns text
language sql stable as $$
	select m[1] from regexp_matches(said, '\{([^{}\s]{1,60})\}', 'g') m
	where m[1] not in ('name', 'conference', 'page', 'base')
		and m[1] <> all (coalesce((select t.vars from mail_texts() t where t.kind = in_kind), '{}')) limit 1
$$;

-- What stands for a placeholder where texts are shown.
create or replace function mail_sample() returns jsonb
language sql immutable as $$
	select '{"title":"Hearing whales in shallow water","number":12,"count":3,"session":"Short talks 1","rank":2,"what":"talk","mode":"on_site",
		"closes":"2021-03-02T13:00:00Z","until":"2021-03-02T13:00:00Z","expires":"2021-03-24T11:00:00Z","cover":{"fee":true,"nights":2},
		"comments":"Both reviewers liked the method.","code":"ABCDE FGHJK LMNPQ RSTUV","by":"Bo Berg","link":"{base}/attend","day":"2 May",
		"when":"2 May 10:00–10:10","room":"Aula","subject":"A word before we begin","text":"The bus leaves at eight."}'::jsonb
$$;

create or replace function mail_templates(in_conference uuid) returns json
language sql stable as $$
	select json_agg(json_build_object('kind', t.kind, 'lane', t.lane, 'vars', t.vars,
		'default', json_build_object('en', json_build_object('subject', t.subject, 'body', t.body),
			'da', json_build_object('subject', t.subject_da, 'body', t.body_da)),
		'own', coalesce((select json_object_agg(m.language, json_build_object('subject', m.subject, 'body', m.body, 'version', m.version))
			from mail_template m where m.conference = in_conference and m.kind = t.kind), '{}')) order by n)
	from mail_texts() with ordinality t(kind, lane, vars, subject, body, subject_da, body_da, n) where t.kind <> 'segment'
$$;

-- Own words, or with null the ones that come with Plenum.
create or replace function mail_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_kind text, in_language text,
	in_subject text, in_body text, in_version int)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	m mail_template;
	unknown text;
begin
	if not exists (select from mail_texts() t where t.kind = in_kind and t.kind <> 'segment') then
		return;
	end if;
	if (in_subject is null) <> (in_body is null) or in_subject !~ '\S' or in_body !~ '\S' then
		return query select null::text, 'bad_request', null::json;
		return;
	end if;
	unknown := mail_unknown(in_kind, in_subject || in_body);
	if unknown is not null then
		return query select null::text, 'mail.placeholder', json_build_object('placeholder', unknown);
		return;
	end if;
	perform pg_advisory_xact_lock(hashtextextended('mail_template ' || in_conference || in_kind || in_language, 0));
	select * into m from mail_template x where x.conference = in_conference and x.kind = in_kind and x.language = in_language for update;
	if coalesce(m.version, 0) <> coalesce(in_version, 0) then
		return query select null::text, 'conflict', json_build_object('subject', m.subject, 'body', m.body, 'version', coalesce(m.version, 0));
		return;
	end if;
	if in_subject is null then
		delete from mail_template x where x.conference = in_conference and x.kind = in_kind and x.language = in_language;
	else
		insert into mail_template as x (conference, kind, language, subject, body, by_person)
		values (in_conference, in_kind, in_language, mail_line(in_subject), in_body, (select p.id from person p where p.id = in_actor))
		on conflict on constraint mail_template_once do update set subject = excluded.subject, body = excluded.body, by_person = excluded.by_person,
			version = x.version + 1, saved = now()
		returning * into m;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('kind', in_kind, 'language', in_language,
		'version', case when in_subject is null then 0 else m.version end), '{}'), null::text, null::json;
end $$;

create or replace function mail_row(o outbox) returns json
language sql stable as $$
	select json_strip_nulls(json_build_object('mail', o.id, 'kind', o.kind, 'lane', o.lane, 'to', o.recipient,
		'name', (select p.name from person p where p.id = o.person), 'subject', case when o.lane = 'sign_in' then null else o.subject end,
		'at', iso(o.created), 'state', mail_state(o), 'tries', o.tries, 'why', o.fault, 'sent', iso(o.sent), 'bounced', iso(o.bounced),
		'next', case when o.sent is null and o.bounced is null then iso(o.next_try) end, 'unsure', case when o.unsure then true end,
		'retry', case when o.sent is null and o.body <> '' and (o.bounced is not null or o.tries > 1) then true end))
$$;

drop function if exists mail_list(uuid, text, text);
-- How the outbox and the relays are, and a hundred mails: the newest, or those that come after one of them.
create or replace function mail_list(in_conference uuid, in_state text, in_text text, in_before uuid) returns json
language sql stable as $$
	select json_build_object(
		'counts', (select json_build_object('waiting', count(*) filter (where s = 'waiting'), 'retrying', count(*) filter (where s = 'retrying'),
			'sent', count(*) filter (where s = 'sent'), 'bounced', count(*) filter (where s = 'bounced'),
			'oldest', iso(min(created) filter (where s in ('waiting', 'retrying'))))
			from (select mail_state(o) as s, o.created from outbox o where o.conference = in_conference and o.recipient <> '') x),
		'relays', (select coalesce(json_agg(json_strip_nulls(json_build_object('relay', r.relay, 'took', iso(r.took_at), 'why', r.fault, 'since', iso(r.fault_at),
			'held', case when r.hold > now() then iso(r.hold) end))), '[]') from mail_relay r),
		'mails', page.mails, 'more', page.more)
	from (select coalesce(json_agg(mail_row(x.o) order by x.n) filter (where x.n <= 100), '[]') as mails, count(*) > 100 as more from (
			select o, row_number() over (order by o.created desc, o.id) as n
			from outbox o left join outbox b on b.conference = in_conference and b.id = in_before
			where o.conference = in_conference and o.recipient <> ''
				and (in_before is null or o.created < b.created or o.created = b.created and o.id > b.id)
				and (in_state is null or mail_state(o) = in_state)
				and (in_text is null or o.recipient ilike '%' || regexp_replace(in_text, '([%_\\])', '\\\1', 'g') || '%')
			order by n limit 101) x) page
$$;

-- in_said: a mail that a relay took came back after all; null: one that has not left, or was refused, is tried at once.
create or replace function mail_again(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_mail uuid, in_said text)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	o outbox;
begin
	select * into o from outbox x where x.conference = in_conference and x.id = in_mail for update;
	if not found then
		return;
	end if;
	if in_said is null and (o.sent is not null or o.body = '') or in_said is not null and o.sent is null then
		return query select null::text, 'mail.state', mail_row(o);
		return;
	end if;
	-- A mail comes back once: who says it again has said it.
	if in_said is not null and o.bounced is not null then
		return query select write_done(in_conference, in_actor, in_key, in_hash, (mail_row(o)::jsonb || '{"noop":true}')::json, '{}'),
			null::text, null::json;
		return;
	end if;
	update outbox x set bounced = case when in_said is not null then now() end, fault = in_said,
		next_try = now(), tries = case when in_said is null then 0 else x.tries end
	where x.id = in_mail returning * into o;
	return query select write_done(in_conference, in_actor, in_key, in_hash, mail_row(o), '{}'), null::text, null::json;
end $$;

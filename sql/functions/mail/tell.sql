-- A mail to one person: the text of its kind, in their language, with what is to be filled in.

-- Every kind there is. plpgsql: the owners' functions may be made after this one.
create or replace function mail_texts() returns setof mail_text
language plpgsql stable as $$
begin
	return query select * from mails_call();
	return query select * from mails_files();
	return query select * from mails_mail();
	return query select * from mails_registration();
	return query select * from mails_review();
	return query select * from mails_selection();
	return query select * from mails_talks();
end $$;

-- "Tuesday 2 March 2021, 14:00 CET": the conference's zone, its abbreviation as PostgreSQL knows it.
create or replace function mail_when(at timestamptz, in_zone text, danish boolean) returns text
language plpgsql stable as $$
declare
	before_zone text := current_setting('TimeZone');
	said text;
begin
	perform set_config('TimeZone', in_zone, true);
	said := case when danish then
		(array['søndag', 'mandag', 'tirsdag', 'onsdag', 'torsdag', 'fredag', 'lørdag'])[extract(dow from at) + 1] || to_char(at, ' FMDD. ')
			|| (array['januar', 'februar', 'marts', 'april', 'maj', 'juni', 'juli', 'august', 'september', 'oktober', 'november',
				'december'])[extract(month from at)] || to_char(at, ' YYYY "kl." HH24.MI TZ')
		else to_char(at, 'FMDay FMDD FMMonth YYYY, HH24:MI TZ') end;
	perform set_config('TimeZone', before_zone, true);
	return said;
end $$;

-- One value as it is read: instants in the conference's zone, words of ours in the reader's language, a cover as a sentence.
create or replace function mail_value(in_name text, value jsonb, in_zone text, danish boolean) returns text
language plpgsql stable as $$
declare
	said text := value #>> '{}';
	nights int;
begin
	if said ~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)$' then
		return mail_when(said::timestamptz, in_zone, danish);
	end if;
	if in_name = 'mode' then
		return case said when 'on_site' then case when danish then 'på stedet' else 'on site' end when 'online' then 'online' else said end;
	end if;
	if in_name = 'what' then
		return case when danish then
			case said when 'talk' then 'et foredrag' when 'poster' then 'en poster' when 'keynote' then 'en hovedtale'
				when 'panel' then 'en plads i panelet' when 'chair' then 'at være ordstyrer' when 'standby' then 'et foredrag (fra reservelisten)'
				when 'waiting' then 'en plads (fra ventelisten)' when 'open' then 'en plads' else said end
			else case said when 'talk' then 'a talk' when 'poster' then 'a poster' when 'keynote' then 'a keynote'
				when 'panel' then 'a seat on the panel' when 'chair' then 'chairing a session' when 'standby' then 'a talk (from the standby list)'
				when 'waiting' then 'a place (from the waiting list)' when 'open' then 'a place' else said end end;
	end if;
	if in_name = 'cover' and jsonb_typeof(value) = 'object' then
		nights := coalesce((value ->> 'nights')::int, 0);
		return case
			when (value ->> 'fee')::boolean and nights > 0 then format(case when danish
				then 'Vi dækker dit deltagergebyr, ophold på stedet og %s; rejsen betaler du selv.'
				else 'We cover your registration fee, local costs and %s; travel is yours to arrange.' end,
				nights || case when danish then case nights when 1 then ' overnatning' else ' overnatninger' end
					else case nights when 1 then ' night of accommodation' else ' nights of accommodation' end end)
			when (value ->> 'fee')::boolean then case when danish
				then 'Vi dækker dit deltagergebyr.' else 'We cover your registration fee.' end
			when nights > 0 then format(case when danish then 'Vi dækker %s.' else 'We cover %s.' end,
				nights || case when danish then case nights when 1 then ' overnatning' else ' overnatninger' end
					else case nights when 1 then ' night of accommodation' else ' nights of accommodation' end end)
			else '' end;
	end if;
	return coalesce(said, '');
end $$;

-- What came from people must not become a mark that is filled in when the mail leaves, nor turn the writing round.
create or replace function mail_quoted(said text) returns text
language sql immutable as $$
	select replace(replace(regexp_replace(replace(said, E'\r\n', E'\n'),
		'[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]', '', 'g'), '{base}', '{ base}'), '{code:', '{ code:')
$$;

-- Placeholders filled in, in one pass: what was filled in is not looked at again. One without a value is a mistake of whoever asks.
create or replace function mail_fill(template text, vars jsonb) returns text
language plpgsql immutable as $$
declare
	missing text;
begin
	select m[1] into missing from regexp_matches(template, '\{([a-z_]+)\}', 'g') m where not vars ? m[1] limit 1;
	if missing is not null then
		raise exception 'mail: nothing was given for {%}', missing;
	end if;
	return (select coalesce(string_agg(case when m[1] ~ '^\{[a-z_]+\}$' then vars ->> btrim(m[1], '{}') else m[1] end, '' order by n), '')
		from regexp_matches(template, '(\{[a-z_]+\}|[^{]+|\{)', 'g') with ordinality x(m, n));
end $$;

-- Subject and body of a kind as one person gets them, and the lane they go by; `own_subject` and `own_body`: instead of the texts that are
-- in force.
drop function if exists mail_render(uuid, text, text, text, jsonb, text, text);
create or replace function mail_render(in_conference uuid, in_name text, in_language text, in_kind text, in_vars jsonb,
	own_subject text default null, own_body text default null, out subject text, out body text, out lane mail_lane)
language plpgsql stable as $$
declare
	c conference;
	t mail_text;
	danish boolean := in_language = 'da';
	base text;
	said jsonb;
	missing text;
begin
	select * into t from mail_texts() x where x.kind = in_kind;
	if not found then
		raise exception 'mail: there is no kind %', in_kind;
	end if;
	select v into missing from unnest(t.vars) v where not in_vars ? v limit 1;
	if missing is not null then
		raise exception 'mail %: nothing was given for {%}', in_kind, missing;
	end if;
	lane := t.lane::mail_lane;
	select * into c from conference where id = in_conference;
	base := '{base}' || case when c.is_default then '' else '/e/' || c.slug end;
	-- {code} and what begins with {base} are marks of ours, filled in when the mail leaves.
	select jsonb_object_agg(v, case when v in ('code', 'link') then in_vars ->> v
		else mail_quoted(mail_value(v, in_vars -> v, c.zone, danish)) end) into said from unnest(t.vars) v;
	said := coalesce(said, '{}') || jsonb_build_object('name', mail_line(in_name), 'conference', mail_line(c.title), 'base', base,
		'page', base || '/me');
	select coalesce(own_subject, m.subject, case when danish then t.subject_da else t.subject end),
		coalesce(own_body, m.body, case when danish then t.body_da else t.body end)
	into subject, body
	from (select 1) x left join mail_template m on m.conference = in_conference and m.kind = in_kind and m.language = in_language;
	subject := left(mail_line(mail_fill(subject, said)), 200);
	-- A line that only had a placeholder with nothing in it leaves no hole.
	body := regexp_replace(btrim(mail_fill(body, said), E'\n'), '\n{3,}', E'\n\n', 'g')
		|| E'\n\n-- \n' || mail_line(c.title) || E'\n'
		|| case when danish then 'Alt, hvad vi har skrevet til dig, står på din side: ' else 'Everything we wrote to you is on your page: ' end
		|| base || E'/me\n';
end $$;

-- At most one mail for a kind, person and dedupe, whatever becomes of the transaction that asks.
create or replace function mail_tell(in_conference uuid, in_person uuid, in_kind text, in_dedupe text, in_vars jsonb default '{}',
	in_slots uuid[] default '{}') returns void
language plpgsql as $$
declare
	reader person;
	said record;
begin
	select * into reader from person p where p.conference = in_conference and p.id = in_person;
	if not found then
		raise exception 'mail %: there is no such person', in_kind;
	end if;
	said := mail_render(in_conference, reader.name, reader.language, in_kind, in_vars);
	insert into outbox (conference, dedupe, recipient, subject, body, slots, kind, lane, person, kept)
	values (in_conference, in_kind || ':' || in_person || ':' || in_dedupe, reader.email, said.subject, said.body, in_slots[1:100],
		in_kind, said.lane, in_person, true)
	on conflict on constraint outbox_once do nothing;
end $$;

-- For the person's own page: what they were written, newest first, without what only a mail may hold.
create or replace function mail_told(in_conference uuid, in_person uuid) returns json
language sql stable as $$
	select coalesce(json_agg(json_build_object('kind', o.kind, 'subject', o.subject, 'text', mail_shown(o.body), 'at', iso(o.created),
		'state', mail_state(o)) order by o.created desc, o.id), '[]')
	from (select * from outbox x where x.conference = in_conference and x.person = in_person and x.kept
		order by x.created desc limit 200) o
$$;

-- No code stays where its mail has been.
create or replace function mail_codeless(body text) returns text
language sql immutable as $$
	select regexp_replace(body, '\{code:\\x[0-9a-f]*\}', '•••••', 'g')
$$;

-- A body as pages show it: addresses begin at this server.
create or replace function mail_shown(body text) returns text
language sql immutable as $$
	select replace(mail_codeless(body), '{base}', '')
$$;

create or replace function mail_state(o outbox) returns text
language sql stable as $$
	select case when o.bounced is not null then 'bounced' when o.sent is not null then 'sent'
		when o.fault is not null or o.tries > 1 then 'retrying' else 'waiting' end
$$;

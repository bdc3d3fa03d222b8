-- Mail about changed slots: when it leaves, and what it says. One a person lists all of theirs.

-- Three minutes after the last change, eleven after the first; a minute after one of a slot that begins within the hour. About the same
-- slot no sooner than ten minutes after the mail before. Null: nothing waits.
create or replace function news_mail_at(in_person uuid) returns timestamptz
language sql stable as $$
	select min(greatest(w.calm, m.sent_at + interval '10 minutes'))
	from news_mail m cross join (
		select least(max(x.changed_at) + interval '3 minutes', min(x.first_at) + interval '11 minutes',
			min(x.changed_at + interval '1 minute') filter (where least((x.heard ->> 'start')::timestamptz,
				(x.after ->> 'start')::timestamptz) <= plenum_now(x.conference) + interval '1 hour')) as calm
		from news_mail x where x.person = in_person and x.changed_at is not null
	) w
	where m.person = in_person and m.changed_at is not null
$$;

-- The rows of `due` of those who may get mail, taken first, as the job that sends does: two workers must not wait for one another.
create or replace function news_mail_claim(in_conference uuid, people uuid[]) returns void
language sql as $$
	insert into due (conference, kind, subject, at)
	select in_conference, 'news_mail', p.person::text, 'infinity' from unnest(people) as p(person)
	on conflict on constraint due_once do update set at = due.at
$$;

-- One slot's change joins what waits for everybody it concerns.
create or replace function news_mail_wait(in_conference uuid, held news_held) returns void
language sql as $$
	insert into news_mail as m (person, slot, conference, session, heard, after, first_at, changed_at)
	select p.person, held.slot, in_conference, x.session, x.known, held.after,
		case when x.worth then held.first_at end, case when x.worth then held.changed_at end
	from (select (coalesce(held.after, held.before) ->> 'session')::uuid as session, coalesce(held.before, held.after) as known,
		news_worth_mail(coalesce(held.before, held.after), held.after) as worth) x
	cross join lateral news_hearers(in_conference, x.session, held.changed_at) p
	order by p.person
	on conflict on constraint news_mail_once do update set session = excluded.session, after = excluded.after,
		first_at = case when news_worth_mail(m.heard, excluded.after) then coalesce(m.first_at, held.first_at) end,
		changed_at = case when news_worth_mail(m.heard, excluded.after) then held.changed_at end
$$;

-- When each of them is next looked at; for whom nothing waits, never. As an upsert, which finds its rows by their key whatever the
-- planner thinks: a join took a minute for ten thousand people.
create or replace function news_mail_due(in_conference uuid, people uuid[]) returns void
language sql as $$
	insert into due (conference, kind, subject, at)
	select in_conference, 'news_mail', t.person::text, t.at
	from (select p.person, coalesce(news_mail_at(p.person), 'infinity') as at from unnest(people) as p(person)) t
	on conflict on constraint due_once do update set at = excluded.at;
	delete from due where conference = in_conference and kind = 'news_mail' and at = 'infinity'
$$;

-- Sends one person's mail when its time has come, in the transaction that forgets what waited: none is lost, none is doubled.
create or replace function due_news_mail(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	reader uuid := in_subject::uuid;
	changes news_mail[];
	others news_mail[];
	next_at timestamptz;
begin
	-- Who no longer wants it is not written to.
	update news_mail m set heard = m.after, first_at = null, changed_at = null
	where m.person = reader and m.changed_at is not null and not news_concerns(in_conference, reader, m.session);

	if news_mail_at(reader) <= now() then
		update news_mail m set after = x.after, changed_at = case when news_worth_mail(m.heard, x.after) then m.changed_at end,
			first_at = case when news_worth_mail(m.heard, x.after) then m.first_at end
		from (select n.slot, news_now(n.slot, coalesce(n.after, n.heard)) as after from news_mail n
			where n.person = reader and n.changed_at is not null) x
		where m.person = reader and m.slot = x.slot;
	end if;
	if news_mail_at(reader) <= now() then
		select array_agg(m order by coalesce(m.heard ->> 'start', m.after ->> 'start'), m.slot) into changes from news_mail m
		where m.person = reader and m.changed_at is not null and (m.sent_at is null or m.sent_at + interval '10 minutes' <= now());
		-- What they speak in or lead goes to their calendar, one mail each.
		perform mail_own_change(in_conference, reader, m) from unnest(changes) m where mail_owns(in_conference, reader, m.session);
		others := array(select m from unnest(changes) m where not mail_owns(in_conference, reader, m.session));
		insert into outbox (conference, dedupe, recipient, subject, body, slots)
		select in_conference, 'news:' || reader || ':' || pg_current_xact_id(), p.email, news_mail_subject(c, others),
			news_mail_body(c, p.name, others), array(select x.slot from unnest(others) x limit 100)
		from person p join conference c on c.id = p.conference where p.id = reader and cardinality(others) > 0;
		update news_mail m set heard = m.after, first_at = null, changed_at = null, sent_at = now()
		where m.person = reader and m.slot in (select x.slot from unnest(changes) x);
	end if;

	next_at := news_mail_at(reader);
	if next_at is not null then
		insert into due (conference, kind, subject, at) values (in_conference, 'news_mail', in_subject, next_at)
		on conflict on constraint due_once do update set at = excluded.at;
	end if;
end $$;

-- Titles and names in a mail: one line, nothing that turns the writing round.
create or replace function mail_line(said text) returns text
language sql immutable as $$
	select btrim(regexp_replace(said, '[\u0001-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\s]+', ' ', 'g'))
$$;

-- "Sun 2 May 10:00–10:30 CEST": the conference's zone, its abbreviation as PostgreSQL knows it.
create or replace function news_when(state jsonb, in_zone text, danish boolean) returns text
language plpgsql stable as $$
declare
	before_zone text := current_setting('TimeZone');
	starts timestamptz := state ->> 'start';
	ends timestamptz := state ->> 'end';
	day text;
	form text := case when danish then 'HH24.MI' else 'HH24:MI' end;
begin
	perform set_config('TimeZone', in_zone, true);
	day := case when danish then
		(array['søn', 'man', 'tir', 'ons', 'tor', 'fre', 'lør'])[extract(dow from starts) + 1] || to_char(starts, ' FMDD. ')
			|| (array['jan', 'feb', 'mar', 'apr', 'maj', 'jun', 'jul', 'aug', 'sep', 'okt', 'nov', 'dec'])[extract(month from starts)]
			|| ' kl. '
		else to_char(starts, 'Dy FMDD Mon ') end;
	day := day || to_char(starts, form) || '–' || to_char(ends, form || ' TZ');
	perform set_config('TimeZone', before_zone, true);
	return day;
end $$;

create or replace function news_mail_kind(change news_mail) returns text
language sql immutable as $$
	select case when news_gone(change.after) then 'cancelled' when news_gone(change.heard) then 'back'
		when change.heard -> 'start' is distinct from change.after -> 'start' then 'moved' else 'room' end
$$;

create or replace function news_mail_subject(c conference, changes news_mail[]) returns text
language sql stable as $$
	select case when cardinality(changes) > 1 then
			cardinality(changes) || case when da then ' ændringer i dit program' else ' changes in your programme' end
		else case kind when 'cancelled' then case when da then 'Aflyst: ' else 'Cancelled: ' end
			when 'back' then case when da then 'Afholdes alligevel: ' else 'Takes place after all: ' end
			when 'moved' then case when da then 'Ny tid: ' else 'New time: ' end
			else case when da then 'Andet lokale: ' else 'Another room: ' end end
			|| left(mail_line(coalesce(changes[1].after, changes[1].heard) ->> 'title'), 150) end
	from (select c.info ->> 'language' = 'da' as da, news_mail_kind(changes[1]) as kind) x
$$;

create or replace function news_mail_item(c conference, change news_mail, danish boolean) returns text
language sql stable as $$
	select mail_line(coalesce(change.after, change.heard) ->> 'title') || E'\n'
		|| case kind when 'cancelled' then case when danish then '  Aflyst. Skulle have været: ' else '  Cancelled. It would have been: ' end || was
			when 'back' then case when danish then '  Afholdes alligevel: ' else '  Takes place after all: ' end || is_now
			else case when danish then '  Før: ' else '  Was: ' end || was || E'\n'
				|| case when danish then '  Nu:  ' else '  Now: ' end || is_now end
		|| E'\n  {base}' || case when c.is_default then '' else '/e/' || c.slug end || '/attend#/slot/' || change.slot || E'\n'
	from (select news_mail_kind(change) as kind,
		news_when(change.heard, c.zone, danish) || ', ' || mail_line(change.heard ->> 'room_name') as was,
		news_when(change.after, c.zone, danish) || ', ' || mail_line(change.after ->> 'room_name') as is_now) x
$$;

-- Both languages in one mail, the conference's own first.
create or replace function news_mail_body(c conference, in_name text, changes news_mail[]) returns text
language sql stable as $$
	select string_agg(part, E'\n* * *\n\n' order by first desc) || format(E'\n-- \n%s\n', mail_line(c.title))
	from (
		select danish = coalesce(c.info ->> 'language' = 'da', false) as first, format(
			case when danish then E'Hej %s,\n\ndet her har ændret sig i det, du har markeret eller taler i:\n\n'
				else E'Hello %s,\n\nthis has changed in what you have starred or speak in:\n\n' end, mail_line(in_name))
			|| (select string_agg(news_mail_item(c, changes[i], danish), E'\n' order by i) from generate_subscripts(changes, 1) i) as part
		from (values (false), (true)) v(danish)
	) parts
$$;

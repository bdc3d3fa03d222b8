-- Signing in: how long a login lasts, what a fresh one answers, and the two ways in that count their failures.

-- Until the conference is 14 days over, by its own clock; the login itself lives in real time.
create or replace function login_expiry(in_conference uuid) returns timestamptz
language sql stable as $$
	select now() + greatest(interval '1 day',
		((ends + 15)::timestamp at time zone zone) - (now() + clock_offset))
	from conference where id = in_conference
$$;

create or replace function login_person(in_person uuid) returns json
language sql stable as $$
	select json_build_object('person', json_build_object('id', id, 'name', name)) from person where id = in_person
$$;

-- Mail to nobody is a row too, already sent: an unknown address must cost the same time.
create or replace function mail_queue(in_conference uuid, in_person uuid, in_dedupe text, in_subject text, in_body text)
returns void
language sql as $$
	insert into outbox (conference, dedupe, recipient, subject, body, sent)
	select in_conference, in_dedupe, coalesce(p.email, ''),
		case when p.id is null then '' else in_subject end,
		case when p.id is null then '' else in_body end,
		case when p.id is null then now() end
	from (values (in_person)) as x(person)
	left join person p on p.id = x.person and p.conference = in_conference
	on conflict on constraint outbox_once do nothing
$$;

-- The code for an address nobody has yet. The name is not in it: whoever asked may have written anything there, to anybody.
create or replace function sign_in_welcome(in_conference uuid, in_email text, in_request uuid, about text, in_code text, in_language text)
returns void
language sql as $$
	insert into outbox (conference, dedupe, recipient, subject, body)
	values (in_conference, 'sign_in:' || in_request, in_email,
		case in_language when 'da' then 'Din kode til ' else 'Your sign-in code for ' end || about,
		format(case in_language when 'da' then
			E'Hej,\n\ndin kode til at logge ind på %s er\n\n    %s\n\n'
			'Den virker én gang inden for 10 minutter, på den enhed hvor du bad om den.\n'
			'Har du ikke bedt om den, skal du ikke gøre noget: uden koden kommer ingen ind.\n'
		else
			E'Hello,\n\nyour code for signing in to %s is\n\n    %s\n\n'
			'It works once, within 10 minutes, on the device where you asked for it.\n'
			'If you did not ask, do nothing: without the code nobody gets in.\n'
		end, about, in_code))
	on conflict on constraint outbox_once do nothing
$$;

-- Five codes an hour for an address; the sixth start is answered alike and sends nothing. The lock makes the count a guard.
drop function if exists sign_in_start(uuid, text, uuid, text, bytea);
create or replace function sign_in_start(in_conference uuid, in_email text, in_request uuid, in_code text,
	in_code_hash bytea, in_name text default null, in_language text default null)
returns uuid
language plpgsql as $$
declare
	owner person;
	about text;
	joins boolean;
begin
	if in_conference is null then
		return null;
	end if;
	perform pg_advisory_xact_lock(hashtextextended('sign_in ' || in_conference || ' ' || in_email, 0));
	if (select count(*) >= 5 from sign_in where conference = in_conference and email = in_email
		and kind = 'mail' and created > now() - interval '1 hour')
	then
		return in_request;
	end if;
	select title into about from conference where id = in_conference;
	select * into owner from person where conference = in_conference and email = in_email;
	joins := owner.id is null and in_name is not null and people_may_join(in_conference, in_email);
	insert into sign_in (id, conference, kind, person, email, code_hash, expires, name, language)
	values (in_request, in_conference, 'mail', owner.id, in_email, in_code_hash, now() + interval '10 minutes',
		case when joins then in_name end, case when joins then coalesce(in_language, 'en') end);
	if joins then
		perform sign_in_welcome(in_conference, in_email, in_request, about, in_code, in_language);
		return in_request;
	end if;
	perform mail_queue(in_conference, owner.id, 'sign_in:' || in_request,
		'Your sign-in code for ' || about,
		format(E'Hello %s,\n\nyour code for signing in to %s is\n\n    %s\n\n'
			'It works once, within 10 minutes, on the device where you asked for it.\n'
			'If you did not ask, do nothing: without the code nobody gets in.\n',
			owner.name, about, in_code));
	return in_request;
end $$;

-- One of five tries of a mailed code; the right one signs in. An address that may join is somebody from then on; two requests of one
-- address meet in one person.
create or replace function sign_in_finish(in_request uuid, in_code_hash bytea,
	out login uuid, out conference uuid, out subject uuid, out expires bigint, out reply json)
language plpgsql as $$
#variable_conflict use_column
declare
	tried sign_in;
begin
	update sign_in s set tries = s.tries + 1,
		used = case when s.code_hash = in_code_hash and (s.person is not null or s.name is not null) then now() end
	where s.id = in_request and s.kind = 'mail' and s.used is null and s.tries < 5 and s.expires > now()
	returning * into tried;
	if tried.used is null then
		return;
	end if;
	conference := tried.conference;
	subject := tried.person;
	if subject is null then
		insert into person (conference, email, name, language)
		values (tried.conference, tried.email, tried.name, coalesce(tried.language, 'en'))
		on conflict on constraint person_email_once do nothing;
		select p.id into subject from person p where p.conference = tried.conference and p.email = tried.email;
		update sign_in s set person = subject where s.id = tried.id;
	end if;
	insert into login (conference, kind, person, expires)
	values (tried.conference, 'session', subject, login_expiry(tried.conference))
	returning id, extract(epoch from login.expires)::bigint into login, expires;
	reply := login_person(subject);
end $$;

-- Address and entry code. After five failures within an hour even the right code waits; the owner hears of both.
create or replace function sign_in_entry(in_conference uuid, in_email text, in_lookup bytea,
	out login uuid, out conference uuid, out subject uuid, out expires bigint, out reply json, out fault text,
	out retry_ms bigint)
language plpgsql as $$
#variable_conflict use_column
declare
	owner person;
	about text;
	failures int;
	oldest timestamptz;
begin
	if in_conference is null then
		fault := 'not_found';
		return;
	end if;
	perform pg_advisory_xact_lock(hashtextextended('entry ' || in_conference || ' ' || in_email, 0));
	select count(*), min(t.at) into failures, oldest from sign_in_try t
	where t.conference = in_conference and t.email = in_email and not t.ok and t.at > now() - interval '1 hour';
	if failures >= 5 then
		fault := 'limit.rate';
		retry_ms := ceil(extract(epoch from oldest + interval '1 hour' - now()) * 1000);
		return;
	end if;
	select c.title into about from conference c where c.id = in_conference;
	select p.* into owner from person p where p.conference = in_conference and p.email = in_email;
	insert into login (conference, kind, person, expires)
	select in_conference, 'session', owner.id, login_expiry(in_conference)
	from entry_code e
	where e.conference = in_conference and e.person = owner.id and e.lookup = in_lookup and e.revoked is null
		and e.generation = (select max(n.generation) from entry_code n where n.person = owner.id)
	returning id, login.conference, login.person, extract(epoch from login.expires)::bigint
	into login, conference, subject, expires;
	insert into sign_in_try (conference, email, ok) values (in_conference, in_email, login is not null);
	if login is not null then
		reply := login_person(subject);
		perform mail_queue(in_conference, subject, 'entry:' || login, 'Signed in to ' || about,
			format(E'Hello %s,\n\nsomebody has just signed in to %s as you, with your entry code.\n'
				'If that was not you, tell the conference desk at once.\n',
				owner.name, about));
		return;
	end if;
	fault := 'auth.code';
	if failures = 4 then
		perform mail_queue(in_conference, owner.id, 'entry_failed:' || gen_random_uuid(),
			'Failed sign-ins to ' || about,
			format(E'Hello %s,\n\nsomebody has tried five times to sign in to %s as you with a wrong entry code.\n'
				'For an hour no entry code is accepted for your address. A mailed code still works.\n',
				owner.name, about));
	end if;
end $$;

-- Who is told of a decision, and the words only it knows.

-- Who submitted it; of a place also who presents. Null person: not known here yet, made when it is applied.
create or replace function decision_recipients(in_conference uuid, in_abstract uuid, in_outcome text)
returns table (person uuid, name text, email text)
language plpgsql stable rows 2 as $$
#variable_conflict use_column
declare
	w record;
begin
	select o.id, o.name, o.email into person, name, email from abstract a join person o on o.id = a.person
	where a.conference = in_conference and a.id = in_abstract;
	if found then
		return next;
		if in_outcome in ('talk', 'poster') then
			select * into w from abstract_presenter(in_conference, in_abstract);
			if w.person is distinct from person and w.email <> email then
				person := w.person;
				name := w.name;
				email := w.email;
				return next;
			end if;
		end if;
	end if;
end $$;

-- What was promised with an invitation, as mails put it into words.
create or replace function decision_cover(in_invitation uuid) returns jsonb
language plpgsql stable as $$
begin
	return coalesce((select jsonb_build_object('fee', i.fee, 'nights', i.nights) from invitation i where i.id = in_invitation), '""');
end $$;

-- The mail it is: a talk that only changes its session is offered no second time.
create or replace function decision_kind(was_outcome text, is_outcome text) returns text
language sql immutable as $$
	select case when was_outcome = 'talk' and is_outcome = 'talk' then 'talk.changed' else 'decision.' || is_outcome end
$$;

-- What reviewers wrote for the authors, under a line that says so; nothing where nobody wrote anything.
drop function if exists decision_comments(uuid, uuid, text);
create or replace function decision_comments(in_said text, in_language text) returns text
language sql immutable as $$
	select case when in_said = '' then '' else case in_language when 'da' then 'Bedømmerne skriver:' else 'The reviewers write:' end
		|| E'\n\n' || in_said end
$$;

-- What that mail has to say; in_said: what reviewers wrote.
drop function if exists decision_vars(uuid, abstract, text, uuid, timestamptz, text);
create or replace function decision_vars(in_conference uuid, held abstract, in_kind text, in_invitation uuid, in_expires timestamptz,
	in_language text, in_said text) returns jsonb
language plpgsql stable as $$
begin
	return jsonb_build_object('title', held.title) || case
		when in_kind = 'talk.changed' then coalesce((
			select jsonb_build_object('when', iso(l.starts), 'room', r.name)
			from slot l join room r on r.id = l.room where l.session = held.session and not l.cancelled order by l.starts limit 1),
			jsonb_build_object('when', '', 'room', ''))
		else jsonb_build_object('comments', decision_comments(in_said, in_language)) || case held.outcome
			when 'declined' then '{}'::jsonb
			when 'standby' then jsonb_build_object('rank', held.rank)
			else jsonb_build_object('expires', iso(in_expires), 'cover', decision_cover(in_invitation)) end end
		|| case when in_kind = 'decision.talk' then jsonb_build_object('session',
			coalesce((select s.title from session s where s.id = held.session), '')) else '{}' end;
end $$;

-- The mails about what is in force for an abstract now; the same decision is never told twice. in_said: what reviewers wrote, where the
-- caller has read it for many at once.
drop function if exists decision_tell(uuid, uuid, text, int, uuid, timestamptz);
create or replace function decision_tell(in_conference uuid, in_abstract uuid, in_kind text, in_version int, in_invitation uuid,
	in_expires timestamptz, in_said text default null) returns int
language plpgsql as $$
declare
	held abstract;
	readers uuid[];
	said text := coalesce(in_said, review_comments(in_conference, in_abstract));
begin
	select * into held from abstract a where a.id = in_abstract and a.conference = in_conference;
	readers := array(select r.person from decision_recipients(in_conference, in_abstract, held.outcome) r where r.person is not null);
	perform mail_tell(in_conference, p.id, in_kind, format('decision:%s:%s', in_abstract, in_version),
		decision_vars(in_conference, held, in_kind, in_invitation, in_expires, p.language, said))
	from person p where p.conference = in_conference and p.id = any (readers);
	return cardinality(readers);
end $$;

-- The offer that goes with a place, to who presents; null: no place. The caller sets the clock by it (invitation_watch), once for all.
create or replace function decision_invite(in_conference uuid, in_abstract uuid, in_expires timestamptz) returns uuid
language plpgsql as $$
declare
	held abstract;
begin
	select * into held from abstract a where a.id = in_abstract and a.conference = in_conference;
	if held.outcome not in ('talk', 'poster') then
		return null;
	end if;
	return invitation_put(in_conference, (select w.person from abstract_presenter_made(in_conference, in_abstract) w), held.outcome,
		in_abstract, held.mode, in_expires);
end $$;

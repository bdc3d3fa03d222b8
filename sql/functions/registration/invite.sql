-- Invitations: a place offered until a day, with what is covered. What is told when one runs out is a job's; that it has run out is the clock's.

create or replace function registration_settings(in_conference uuid) returns registration_setting
language sql stable as $$
	select (coalesce(s.conference, in_conference), coalesce(s.open, 'closed'), coalesce(s.invite_days, 14), coalesce(s.offer_hours, 48),
		s.beds, coalesce(s.questions, '{badge_name,diet,access,nights}'), coalesce(s.version, 1))::registration_setting
	from (select 1) x left join registration_setting s on s.conference = in_conference
$$;

-- Whether people we do not know may come to register, or to ask for it.
create or replace function registration_takes_new(in_conference uuid) returns boolean
language sql stable as $$
	select (registration_settings(in_conference)).open <> 'closed'
$$;

-- What is covered for whoever is invited for that, as {cover} of a mail takes it. Travel never is.
create or replace function cover_of(in_conference uuid, in_what text) returns jsonb
language plpgsql stable as $$
begin
	return (select jsonb_build_object('fee', coalesce(r.fee, false), 'nights', coalesce(r.nights, 0))
		from (select 1) x left join cover_rule r on r.conference = in_conference and r.what = in_what);
end $$;

-- The next instant at which an invitation runs out or is to be called to mind, in real time, is when the job comes.
create or replace function invitation_watch(in_conference uuid) returns void
language plpgsql as $$
begin
	insert into due as d (conference, kind, subject, at)
	select in_conference, 'invitation', in_conference::text, greatest(min(n.at), now() - interval '1 second')
	from (select least(i.expires, invitation_reminds(i)) - c.clock_offset as at from invitation i join conference c on c.id = i.conference
		where i.conference = in_conference and i.state = 'sent') n
	having min(n.at) is not null
	on conflict on constraint due_once do update set at = least(d.at, excluded.at);
end $$;

-- Two days before it runs out, of one that stands for long; null: no more.
create or replace function invitation_reminds(i invitation) returns timestamptz
language sql immutable as $$
	select case when i.reminded is null and i.what <> 'waiting' and i.expires - i.issued >= interval '3 days'
		then i.expires - interval '48 hours' end
$$;

-- Offers somebody a place. Of one that stands for the same, nothing remains. What a decision's own mail tells (talk, poster) is not told
-- again here. Without `expires`: as many days as are set. Whoever makes many sets the clock by them once (invitation_watch).
create or replace function invitation_put(in_conference uuid, in_person uuid, in_what text, in_abstract uuid, in_mode text,
	in_expires timestamptz)
returns uuid
language plpgsql as $$
declare
	made invitation;
	clock timestamptz := plenum_now(in_conference);
	s registration_setting := registration_settings(in_conference);
begin
	-- Two at once for one person are one after the other.
	perform from person p where p.conference = in_conference and p.id = in_person for no key update;
	if not found then
		raise exception 'invitation_put: nobody of that id';
	end if;
	update invitation i set state = 'replaced', answered = clock
	where i.conference = in_conference and i.person = in_person and i.state = 'sent' and i.abstract is not distinct from in_abstract
		and (in_abstract is not null or i.what = in_what);
	insert into invitation (conference, person, what, abstract, mode, fee, nights, issued, expires)
	select in_conference, in_person, in_what, in_abstract, coalesce(in_mode, 'on_site'), (k ->> 'fee')::boolean, (k ->> 'nights')::int, clock,
		greatest(coalesce(in_expires, clock + make_interval(days => s.invite_days)), clock + interval '1 minute')
	from cover_of(in_conference, in_what) k
	returning * into made;
	if in_what = 'waiting' then
		perform mail_tell(in_conference, in_person, 'place.offered', made.id::text, jsonb_build_object(
			'mode', made.mode, 'expires', iso(made.expires)));
	elsif in_what not in ('talk', 'poster') then
		perform mail_tell(in_conference, in_person, 'invitation.sent', made.id::text, jsonb_build_object(
			'what', in_what, 'expires', iso(made.expires), 'cover', jsonb_build_object('fee', made.fee, 'nights', made.nights)));
	end if;
	return made.id;
end $$;

-- The seam for those who offer one place.
create or replace function invitation_issue(in_conference uuid, in_person uuid, in_what text, in_abstract uuid, in_mode text,
	in_expires timestamptz)
returns uuid
language plpgsql as $$
declare
	made uuid := invitation_put(in_conference, in_person, in_what, in_abstract, in_mode, in_expires);
begin
	perform invitation_watch(in_conference);
	return made;
end $$;

-- A clock that is moved makes invitations run out now.
create or replace function invitation_clock() returns trigger language plpgsql as $$
begin
	perform invitation_watch(new.id);
	return null;
end $$;
create or replace trigger invitation_clock after update of clock_offset on conference for each row
	when (old.clock_offset <> new.clock_offset) execute function invitation_clock();

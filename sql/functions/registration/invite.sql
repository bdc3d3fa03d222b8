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

-- In a mail: what is covered. Travel never is.
create or replace function cover_words(in_fee boolean, in_nights int, in_language text) returns text
language sql immutable parallel safe as $$
	select case when in_language = 'da' then
			case when in_fee then 'Deltagerafgiften er dækket' else 'Deltagerafgiften er ikke dækket' end
			|| case when in_nights = 1 then ', og overnatning i én nat.' when in_nights > 1 then format(', og overnatning i %s nætter.', in_nights) else '.' end
			|| ' Rejsen betaler du selv.'
		else
			case when in_fee then 'The fee is covered' else 'The fee is not covered' end
			|| case when in_nights = 1 then ', and one night.' when in_nights > 1 then format(', and %s nights.', in_nights) else '.' end
			|| ' Travel is yours to pay.'
		end
$$;

-- What is promised to whoever is invited for that, as a mail says it to that person: before there is an invitation, too.
create or replace function cover_told(in_conference uuid, in_person uuid, in_what text) returns text
language sql stable as $$
	select cover_words(coalesce(r.fee, false), coalesce(r.nights, 0), p.language)
	from person p left join cover_rule r on r.conference = p.conference and r.what = in_what
	where p.conference = in_conference and p.id = in_person
$$;

-- What somebody is invited for, in a mail.
create or replace function invitation_words(in_what text, in_language text) returns text
language sql immutable parallel safe as $$
	select case when in_language = 'da' then case in_what
			when 'talk' then 'et kort foredrag' when 'poster' then 'en poster' when 'keynote' then 'et hovedforedrag'
			when 'panel' then 'en paneldebat' when 'chair' then 'at lede en session' when 'standby' then 'et foredrag fra ventelisten'
			when 'waiting' then 'en plads fra ventelisten' else 'at deltage' end
		else case in_what
			when 'talk' then 'a short talk' when 'poster' then 'a poster' when 'keynote' then 'a keynote'
			when 'panel' then 'a panel' when 'chair' then 'chairing a session' when 'standby' then 'a talk from the standby list'
			when 'waiting' then 'a place from the waiting list' else 'taking part' end
		end
$$;

-- An instant of the conference as a mail says it.
create or replace function registration_when(in_conference uuid, in_at timestamptz) returns text
language sql stable as $$
	select to_char(in_at at time zone c.zone, 'YYYY-MM-DD HH24:MI') || ' (' || c.zone || ')' from conference c where c.id = in_conference
$$;

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

-- The seam for those who decide: offers somebody a place. Of one that stands for the same, nothing remains. What a decision's own mail
-- tells (talk, poster) is not told again here. Without `expires`: as many days as are set.
create or replace function invitation_issue(in_conference uuid, in_person uuid, in_what text, in_abstract uuid, in_mode text,
	in_expires timestamptz)
returns uuid
language plpgsql as $$
declare
	made invitation;
	clock timestamptz := plenum_now(in_conference);
	s registration_setting := registration_settings(in_conference);
	tongue text;
begin
	-- Two at once for one person are one after the other.
	select p.language into tongue from person p where p.conference = in_conference and p.id = in_person for no key update;
	if tongue is null then
		raise exception 'invitation_issue: nobody of that id';
	end if;
	update invitation i set state = 'replaced', answered = clock
	where i.conference = in_conference and i.person = in_person and i.state = 'sent' and i.abstract is not distinct from in_abstract
		and (in_abstract is not null or i.what = in_what);
	insert into invitation (conference, person, what, abstract, mode, fee, nights, issued, expires)
	select in_conference, in_person, in_what, in_abstract, coalesce(in_mode, 'on_site'), coalesce(r.fee, false), coalesce(r.nights, 0), clock,
		greatest(coalesce(in_expires, clock + make_interval(days => s.invite_days)), clock + interval '1 minute')
	from (select 1) x left join cover_rule r on r.conference = in_conference and r.what = in_what
	returning * into made;
	perform invitation_watch(in_conference);
	if in_what = 'waiting' then
		perform mail_tell(in_conference, in_person, 'place.offered', 'place.offered:' || made.id, jsonb_build_object(
			'mode', mode_words(made.mode, tongue), 'expires', registration_when(in_conference, made.expires)));
	elsif in_what not in ('talk', 'poster') then
		perform mail_tell(in_conference, in_person, 'invitation.sent', 'invitation.sent:' || made.id, jsonb_build_object(
			'what', invitation_words(in_what, tongue), 'expires', registration_when(in_conference, made.expires),
			'cover', cover_words(made.fee, made.nights, tongue)));
	end if;
	return made.id;
end $$;

create or replace function mode_words(in_mode text, in_language text) returns text
language sql immutable parallel safe as $$
	select case in_mode || ' ' || in_language when 'on_site da' then 'på stedet' when 'online da' then 'online'
		when 'on_site en' then 'on site' else 'online' end
$$;

-- A clock that is moved makes invitations run out now.
create or replace function invitation_clock() returns trigger language plpgsql as $$
begin
	perform invitation_watch(new.id);
	return null;
end $$;
create or replace trigger invitation_clock after update of clock_offset on conference for each row
	when (old.clock_offset <> new.clock_offset) execute function invitation_clock();

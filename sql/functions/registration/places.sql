-- Places on site and online: how many are left, who is offered the next one, and what follows when an invitation comes to nothing.

-- Left of that mode; null: nobody counts them. A place that is offered to somebody of the waiting list is held for them while the offer
-- stands. The conference's row stays locked until the end of the transaction, and the count is made after the lock: whoever counts places
-- asks here.
create or replace function registration_left(in_conference uuid, in_mode text) returns bigint
language plpgsql as $$
begin
	if registration_places(in_conference, in_mode) is null then
		return null;
	end if;
	perform from conference c where c.id = in_conference for no key update;
	return registration_places(in_conference, in_mode) - registration_taken(in_conference, in_mode);
end $$;

create or replace function registration_places(in_conference uuid, in_mode text) returns int
language sql as $$
	select case in_mode when 'online' then c.seats_online else c.seats end from conference c where c.id = in_conference
$$;

-- Registered, or on offer.
create or replace function registration_taken(in_conference uuid, in_mode text) returns bigint
language sql as $$
	select (select count(*) from person p join registration r on r.person = p.id
			where p.conference = in_conference and p.mode = in_mode and r.state = 'confirmed')
		+ (select count(*) from invitation i where i.conference = in_conference and i.state = 'sent' and i.what = 'waiting'
			and i.mode = in_mode and i.expires > plenum_now(in_conference))
$$;

-- Their own pages look again.
create or replace function registration_events(in_conference uuid, in_persons uuid[]) returns ev[]
language sql stable as $$
	select coalesce(array_agg(row('person:' || p, 'registration.changed', json_build_object('person', p))::ev), '{}')
	from (select distinct p from unnest(in_persons) p where p is not null) x
$$;

-- Each free place goes to the next who waits, as an offer that runs out. The conference's row makes two of these one after the other.
create or replace function waiting_offer(in_conference uuid) returns ev[]
language plpgsql as $$
declare
	told uuid[] := '{}';
	next waiting;
	left_over bigint;
	kind text;
begin
	if not exists (select from waiting w where w.conference = in_conference and w.invitation is null) then
		return '{}';
	end if;
	perform from conference c where c.id = in_conference for no key update;
	foreach kind in array '{on_site,online}'::text[] loop
		left_over := registration_left(in_conference, kind);
		while left_over is null or left_over > 0 loop
			select * into next from waiting w where w.conference = in_conference and w.mode = kind and w.invitation is null
			order by w.entered, w.n limit 1 for update;
			exit when not found;
			update waiting w set invitation = invitation_issue(in_conference, next.person, 'waiting', null, kind,
				plenum_now(in_conference) + make_interval(hours => (registration_settings(in_conference)).offer_hours))
			where w.n = next.n;
			told := told || next.person;
			left_over := left_over - 1;
		end loop;
	end loop;
	return registration_events(in_conference, told);
end $$;

-- An abstract whose place comes back: the next of its standby has it.
create or replace function abstract_returned(in_conference uuid, in_abstract uuid) returns ev[]
language plpgsql as $$
begin
	if in_abstract is null then
		return '{}';
	end if;
	return coalesce(decision_returned(in_conference, in_abstract), '{}');
end $$;

-- What follows from an invitation that was declined or has run out: a place offered goes on to the next, and so does a talk's.
create or replace function invitation_ended(in_conference uuid, i invitation) returns ev[]
language plpgsql as $$
begin
	delete from waiting w where w.conference = in_conference and w.invitation = i.id;
	return registration_events(in_conference, array[i.person]) || abstract_returned(in_conference, i.abstract);
end $$;

-- The job: says of what has run out that it has, calls to mind what soon will, and comes again for the next.
create or replace function due_invitation(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	clock timestamptz := plenum_now(in_conference);
	i invitation;
	evs ev[] := '{}';
begin
	perform from conference c where c.id = in_conference for no key update;
	for i in select x.* from invitation x where x.conference = in_conference and x.state = 'sent' and x.expires <= clock
		order by x.expires, x.id for update
	loop
		update invitation x set state = 'lapsed', answered = clock where x.id = i.id;
		perform mail_tell(in_conference, i.person, 'invitation.lapsed', i.id::text,
			jsonb_build_object('what', i.what));
		evs := evs || invitation_ended(in_conference, i);
	end loop;
	for i in select x.* from invitation x where x.conference = in_conference and x.state = 'sent' and invitation_reminds(x) <= clock
		order by x.expires, x.id for update
	loop
		update invitation x set reminded = clock where x.id = i.id;
		perform mail_tell(in_conference, i.person, 'invitation.reminder', i.id::text, jsonb_build_object(
			'what', i.what, 'expires', iso(i.expires)));
	end loop;
	evs := evs || waiting_offer(in_conference);
	if cardinality(evs) > 0 then
		perform channel_append(in_conference, evs);
	end if;
	perform invitation_watch(in_conference);
end $$;

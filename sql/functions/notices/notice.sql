-- Announcements: as everybody sees them, where they are told, whom they are meant for, and the mail about them.

create or replace function notice_json(n notice) returns json
language sql stable as $$
	select json_strip_nulls(json_build_object('id', n.id, 'audience', n.audience, 'room', n.room, 'role', n.role,
		'urgency', n.urgency, 'until', iso(n.until), 'text', n.text, 'version', n.version, 'at', iso(n.at),
		'withdrawn', iso(n.withdrawn)))
$$;

-- A channel an audience: nothing is filtered inside one.
create or replace function notice_channel(n notice) returns text
language sql immutable as $$
	select case n.audience when 'room' then 'room:' || n.room when 'role' then 'notice:' || n.role
		else 'notice:' || replace(n.audience, '_', '-') end
$$;

-- What still holds: pages hide the rest by the same clock, and nobody is told when one runs out.
create or replace function notice_current(n notice) returns boolean
language sql stable as $$
	select n.withdrawn is null and (n.until is null or n.until > plenum_now(n.conference))
$$;

-- Those of one channel, oldest first.
create or replace function notices_of(in_conference uuid, in_channel text) returns json
language sql stable as $$
	select coalesce(json_agg(notice_json(n) order by n.at, n.id), '[]') from notice n
	where n.conference = in_conference and notice_channel(n) = in_channel and notice_current(n)
$$;

-- As those see it who made it. Of who has read it people and stations are counted apart.
create or replace function notice_row(n notice) returns json
language sql stable as $$
	select (left(notice_json(n)::text, -1) || ',"channel":' || to_json(notice_channel(n)) || ',"current":' || notice_current(n)
		|| ',"mail":' || n.mail || ',"recipients":' || n.recipients || ',"read":' || r.people || ',"stations":' || r.stations
		|| '}')::json
	from (select count(*) filter (where not is_station) as people, count(*) filter (where is_station) as stations
		from notice_read where notice = n.id) r
$$;

-- Whom it concerns hears it, and organisers see their list grow: that also makes the channel that the counts of readers go by.
create or replace function notice_evs(n notice, in_type text) returns ev[]
language sql stable as $$
	select array[row(notice_channel(n), in_type, notice_json(n))::ev, row('notice:organiser', 'notice.listed', notice_row(n))::ev]
$$;

create or replace function room_notices(in_conference uuid, in_room uuid) returns json
language sql stable as $$
	select notices_of(in_conference, 'room:' || in_room)
$$;

-- Whom an announcement is meant for, in our books: in a room, those who starred or speak in what is on there. Who has no part in the
-- conference any more is not among them.
create or replace function notice_people(in_conference uuid, in_audience text, in_room uuid, in_role text)
returns table (person uuid)
language sql stable as $$
	select p.id from person p cross join lateral (select people_roles(in_conference, p.id) as roles) r
	where p.conference = in_conference and not r.roles <@ '{applicant}'
		and case in_audience
			when 'all' then true
			when 'role' then in_role = any (r.roles)
			when 'room' then p.id in (select h.person from published x cross join lateral news_hearers(in_conference, x.session) h
				where x.conference = in_conference and x.room = in_room and not x.cancelled)
			else p.mode = in_audience end
$$;

create or replace function notice_mail_body(n notice) returns text
language sql stable as $$
	select (n.text ->> 'en') || E'\n' || coalesce(E'\n* * *\n\n' || (n.text ->> 'da') || E'\n', '')
		|| format(E'\n-- \n%s: {base}/attend\n', c.title)
	from conference c where c.id = n.conference
$$;

-- The first line of what is said, in the conference's own language where there are two.
create or replace function notice_mail_subject(n notice) returns text
language sql stable as $$
	select left(split_part(coalesce(case when c.info ->> 'language' = 'da' then n.text ->> 'da' end, n.text ->> 'en'), E'\n', 1), 120)
	from conference c where c.id = n.conference
$$;

create or replace function notice_publish(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_notice uuid,
	in_audience text, in_room uuid, in_role text, in_urgency text, in_until timestamptz, in_text jsonb, in_mail boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	told notice;
begin
	if in_until <= plenum_now(in_conference) then
		return query select null::text, 'notice.until', null::json;
		return;
	end if;
	if in_room is not null and not exists (select from room r where r.conference = in_conference and r.id = in_room) then
		return query select null::text, 'not_found', null::json;
		return;
	end if;
	insert into notice (id, conference, audience, room, role, urgency, until, text, mail, recipients, at, by_person)
	values (in_notice, in_conference, in_audience, in_room, in_role, in_urgency, in_until, in_text, in_mail,
		(select count(*) from notice_people(in_conference, in_audience, in_room, in_role)), plenum_now(in_conference), in_actor)
	returning * into told;
	if in_mail then
		insert into outbox (conference, dedupe, recipient, subject, body)
		select in_conference, 'notice:' || told.id || ':' || p.id, p.email, notice_mail_subject(told), notice_mail_body(told)
		from notice_people(in_conference, in_audience, in_room, in_role) w join person p on p.id = w.person
		order by 2
		on conflict on constraint outbox_once do nothing;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('notice', told.id, 'version', told.version, 'recipients', told.recipients),
		notice_evs(told, 'notice.published')), null::text, null::json;
end $$;

-- Edits (in_withdraw false) or withdraws. Mail that has not left yet follows.
create or replace function notice_change(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_notice uuid,
	in_version int, in_withdraw boolean, in_urgency text, in_until timestamptz, in_text jsonb)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	told notice;
begin
	select * into told from notice n where n.conference = in_conference and n.id = in_notice for update;
	if not found then
		return;
	end if;
	if told.version <> in_version then
		return query select null::text, 'conflict', notice_json(told);
		return;
	end if;
	if told.withdrawn is not null then
		return query select null::text, 'notice.state', null::json;
		return;
	end if;
	if in_until <= plenum_now(in_conference) then
		return query select null::text, 'notice.until', null::json;
		return;
	end if;
	update notice n set urgency = coalesce(in_urgency, n.urgency), until = coalesce(in_until, n.until),
		text = coalesce(in_text, n.text), version = n.version + 1,
		withdrawn = case when in_withdraw then plenum_now(in_conference) end
	where n.id = in_notice returning * into told;
	if told.mail and in_withdraw then
		delete from outbox o where o.conference = in_conference and o.dedupe like 'notice:' || in_notice || ':%'
			and o.sent is null and o.lease is null;
	elsif told.mail and in_text is not null then
		update outbox o set subject = notice_mail_subject(told), body = notice_mail_body(told)
		where o.conference = in_conference and o.dedupe like 'notice:' || in_notice || ':%'
			and o.sent is null and o.lease is null;
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('notice', told.id, 'version', told.version),
		notice_evs(told, case when in_withdraw then 'notice.withdrawn' else 'notice.edited' end)), null::text, null::json;
end $$;

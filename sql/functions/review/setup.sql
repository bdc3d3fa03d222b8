-- How reviewing goes and who reviews, as organisers set it.

-- Taken by everything that changes who reviews what, so that a pair cannot become a conflict while it is being assigned, nor somebody be
-- removed while they save.
create or replace function review_lock(in_conference uuid) returns review_setup
language plpgsql as $$
declare
	held review_setup;
begin
	insert into review_setup (conference) values (in_conference) on conflict on constraint review_setup_once do nothing;
	select * into held from review_setup s where s.conference = in_conference for update;
	return held;
end $$;

create or replace function review_criteria(in_conference uuid) returns json
language plpgsql stable as $$
begin
	return (
		select coalesce(json_agg(json_build_object('id', c.id, 'name', c.name, 'weight', c.weight, 'min', c.low, 'max', c.high) order by c.ord), '[]')
		from review_criterion c where c.conference = in_conference);
end $$;

create or replace function review_closed(in_conference uuid) returns boolean
language plpgsql stable as $$
begin
	return exists (select from review_setup s where s.conference = in_conference and s.until <= plenum_now(in_conference));
end $$;

create or replace function review_setup_json(in_conference uuid) returns json
language plpgsql stable as $$
begin
	return (
		select json_build_object('blind', coalesce(s.blind, true), 'until', iso(s.until), 'per_abstract', coalesce(s.per_abstract, 3),
			'version', coalesce(s.version, 1), 'closed', review_closed(c.id), 'criteria', review_criteria(c.id))
		from conference c left join review_setup s on s.conference = c.id where c.id = in_conference);
end $$;

-- What somebody has said by a criterion keeps its meaning: neither its range changes then nor does it go.
create or replace function review_criterion_fixed(in_conference uuid, in_criteria jsonb) returns uuid
language plpgsql stable as $$
begin
	return (
		select c.id from review_criterion c
		left join jsonb_to_recordset(in_criteria) as n(id uuid, min int, max int) on n.id = c.id
		where c.conference = in_conference and (n.id is null or n.min <> c.low or n.max <> c.high) and exists (
			select from review_score s join review r on r.id = s.review where s.criterion = c.id and r.state = 'final')
		limit 1);
end $$;

create or replace function review_setup_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_criteria jsonb,
	in_blind boolean, in_until text, in_per_abstract int, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held review_setup := review_lock(in_conference);
	ends record;
	fixed uuid;
begin
	select * into ends from local_instant((select c.zone from conference c where c.id = in_conference), in_until);
	fixed := review_criterion_fixed(in_conference, in_criteria);
	if held.version <> in_expect then
		return query select null::text, 'conflict', review_setup_json(in_conference);
		return;
	elsif ends.fault is not null then
		return query select null::text, ends.fault::text, ends.current::json;
		return;
	elsif fixed is not null then
		return query select null::text, 'review.criterion', json_build_object('criterion', fixed);
		return;
	elsif jsonb_array_length(in_criteria) > 20 or exists (select from jsonb_to_recordset(in_criteria) as n(id uuid, name text)
		where n.name ~ '[[:cntrl:]]' or exists (select from review_criterion c where c.id = n.id and c.conference <> in_conference))
	then
		return query select null::text, 'bad_request', null::json;
		return;
	end if;
	delete from review_criterion c where c.conference = in_conference
		and not exists (select from jsonb_to_recordset(in_criteria) as n(id uuid) where n.id = c.id);
	insert into review_criterion (id, conference, ord, name, weight, low, high)
	select coalesce((x.value ->> 'id')::uuid, gen_random_uuid()), in_conference, x.n, btrim(coalesce(x.value ->> 'name', '')),
		(x.value ->> 'weight')::int, coalesce((x.value ->> 'min')::int, -1), coalesce((x.value ->> 'max')::int, -1)
	from jsonb_array_elements(in_criteria) with ordinality x(value, n)
	on conflict on constraint review_criterion_key do update set ord = excluded.ord, name = excluded.name, weight = excluded.weight,
		low = excluded.low, high = excluded.high;
	delete from review_score s using review_criterion c where c.id = s.criterion and c.conference = in_conference
		and s.score not between c.low and c.high;
	update review_setup s set blind = in_blind, until = ends.at, per_abstract = in_per_abstract, version = s.version + 1
	where s.conference = in_conference;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'review.setup', in_conference, jsonb_build_object('blind', in_blind, 'until', iso(ends.at)));
	return query select write_done(in_conference, in_actor, in_key, in_hash, review_setup_json(in_conference), '{}'), null::text, null::json;
end $$;

-- The role comes with it: open pages of theirs are looked at again.
create or replace function reviewer_save(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_person uuid, in_email text,
	in_name text, in_tracks uuid[], in_load int, in_affiliations text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	who uuid;
	n int;
begin
	perform review_lock(in_conference);
	select p.id into who from person p
	where p.conference = in_conference and case when in_person is not null then p.id = in_person else p.email = in_email end;
	if (who is null and in_person is not null)
		or exists (select from unnest(in_tracks) x where not exists (select from track t where t.conference = in_conference and t.id = x))
	then
		return;
	end if;
	if who is null then
		insert into person (conference, email, name) values (in_conference, in_email, in_name) returning id into who;
	end if;
	insert into reviewer (person, conference, load, affiliations) values (who, in_conference, in_load, coalesce(in_affiliations, ''))
	on conflict on constraint reviewer_once do update set load = excluded.load, removed = null,
		affiliations = coalesce(in_affiliations, reviewer.affiliations);
	delete from reviewer_track t where t.person = who and not t.track = any (in_tracks);
	insert into reviewer_track (person, track) select who, x from unnest(in_tracks) x on conflict on constraint reviewer_track_once do nothing;
	insert into role_grant (conference, person, role) values (in_conference, who, 'reviewer') on conflict on constraint role_grant_once do nothing;
	get diagnostics n = row_count;
	insert into audit (conference, actor, action, subject, detail) values (in_conference, in_actor, 'reviewer.save', who, '{}');
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('person', who),
		case when n > 0 then array[row('worker', 'role.changed', json_build_object('person', who))::ev] else '{}' end), null::text, null::json;
end $$;

-- What they had begun goes with them; what they had finished stays and counts, or goes, as the organiser says.
create or replace function reviewer_remove(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_person uuid, in_reviews text)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	n int;
begin
	perform review_lock(in_conference);
	update reviewer r set removed = now() where r.conference = in_conference and r.person = in_person and r.removed is null;
	if not found then
		return;
	end if;
	delete from review_assignment a where a.conference = in_conference and a.person = in_person;
	delete from review r where r.conference = in_conference and r.person = in_person and (r.state = 'draft' or in_reviews = 'drop');
	delete from role_grant g where g.conference = in_conference and g.person = in_person and g.role = 'reviewer';
	get diagnostics n = row_count;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'reviewer.remove', in_person, jsonb_build_object('reviews', in_reviews));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('person', in_person, 'reviews', in_reviews),
		case when n > 0 then array[row('worker', 'role.changed', json_build_object('person', in_person))::ev] else '{}' end),
		null::text, null::json;
end $$;

-- Writes to everybody who reviews, whatever they have: a mail to some of them would tell who has what.
create or replace function review_tell(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	held review_setup := review_lock(in_conference);
	n int;
begin
	if held.until is null then
		return query select null::text, 'review.no_until', null::json;
		return;
	end if;
	perform mail_tell(in_conference, r.person, 'reviewer.assigned', 'reviewer.assigned:' || in_key || ':' || r.person,
		jsonb_build_object('count', '', 'until', iso(held.until)))
	from reviewer r where r.conference = in_conference and r.removed is null order by r.person;
	select count(*) into n from reviewer r where r.conference = in_conference and r.removed is null;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('people', n), '{}'), null::text, null::json;
end $$;

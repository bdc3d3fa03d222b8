-- Two rows that are one person: everything of the first becomes the second's.

-- Rows that name the one name the other, in every table that refers to persons. What both had once (a vote on the same question, a star)
-- stays the second's; the first one's goes with them. Some of these tables the application may not change: that they are the same person
-- is no change of what happened.
create or replace function person_moved(in_from uuid, in_into uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	ref record;
	at tid;
begin
	for ref in
		select k.conrelid::regclass as tab, a.attname as col from pg_constraint k
		join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
		where k.contype = 'f' and k.confrelid = 'person'::regclass and cardinality(k.conkey) = 1
			-- Those are looked at one by one below.
			and k.conrelid not in ('registration'::regclass, 'registration_answer'::regclass, 'entry_code'::regclass, 'print_job'::regclass,
				'waiting'::regclass, 'admission'::regclass, 'login'::regclass, 'sign_in'::regclass)
		order by 1, 2
	loop
		for at in execute format('select ctid from %s where %I = $1', ref.tab, ref.col) using in_from loop
			begin
				execute format('update %s set %I = $1 where ctid = $2', ref.tab, ref.col) using in_into, at;
			exception when unique_violation or exclusion_violation or check_violation then
				null;
			end;
		end loop;
	end loop;
end $$;

-- person.merge. The second one's name and address stay; a registration, a place, a cover that only the first has become theirs. Their codes
-- are the newer ones: what the first was sent is superseded, unless the second has none.
create or replace function person_merge(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_person uuid, in_into uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	gone person;
	kept person;
	older int;
	evs ev[];
begin
	if in_person = in_into then
		return query select null::text, 'person.self', null::json;
		return;
	end if;
	perform from conference c where c.id = in_conference for no key update;
	perform from person p where p.conference = in_conference and p.id in (in_person, in_into) order by p.id for update;
	select * into gone from person p where p.conference = in_conference and p.id = in_person;
	select * into kept from person p where p.conference = in_conference and p.id = in_into;
	if gone.id is null or kept.id is null then
		return;
	elsif gone.id = in_actor then
		return query select null::text, 'person.self', null::json;
		return;
	elsif exists (select from admission a join admission b on b.list = a.list and b.person = kept.id and b.undone is null
		where a.person = gone.id and a.undone is null) then
		return query select null::text, 'registration.inside', null::json;
		return;
	end if;
	perform person_merge_place(gone, kept);
	older := (select coalesce(max(e.generation), 0) from entry_code e where e.person = gone.id);
	update entry_code e set generation = e.generation + 10000 where e.person = kept.id and older > 0;
	update entry_code e set generation = e.generation - 10000 + older where e.person = kept.id and older > 0;
	update entry_code e set person = kept.id, changed = clock_timestamp() where e.person = gone.id;
	update admission a set person = kept.id where a.person = gone.id;
	perform person_moved(gone.id, kept.id);
	-- What they were written stays theirs, and what has not left yet goes to the address that stays.
	update outbox o set recipient = kept.email where o.conference = in_conference and o.recipient = gone.email;
	update login l set revoked = now() where l.person = gone.id and l.revoked is null;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'person.merge', kept.id, jsonb_build_object('was', gone.id, 'name', gone.name, 'email', gone.email));
	delete from person p where p.id = gone.id;
	update person p set version = p.version + 1 where p.id = kept.id;
	evs := array[row('worker', 'role.changed', json_build_object('person', gone.id))::ev,
		row('worker', 'role.changed', json_build_object('person', kept.id))::ev]
		|| door_settle(in_conference, kept.id) || code_events(in_conference, kept.id) || registration_events(in_conference, array[kept.id])
		|| waiting_offer(in_conference);
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('person', kept.id, 'was', gone.id), evs),
		null::text, null::json;
end $$;

-- Of what either has only one: the second one's, and the first one's where the second has none.
create or replace function person_merge_place(gone person, kept person) returns void
language plpgsql as $$
declare
	first registration;
	second registration;
	copies int := (select coalesce(max(j.copy_no), 0) from print_job j where j.person = kept.id);
begin
	select * into first from registration r where r.person = gone.id;
	select * into second from registration r where r.person = kept.id;
	if first.state = 'confirmed' and second.state is distinct from 'confirmed' then
		delete from registration r where r.person = kept.id;
		update registration r set person = kept.id, changed = now() where r.person = gone.id;
		update person p set mode = gone.mode where p.id = kept.id;
	elsif first.state = 'confirmed' then
		update registration r set fee = r.fee or first.fee, nights = case when kept.mode = 'on_site' then greatest(r.nights, first.nights) else 0 end
		where r.person = kept.id;
	end if;
	if not exists (select from registration_answer a where a.person = kept.id) then
		update registration_answer a set person = kept.id where a.person = gone.id;
	end if;
	if not exists (select from waiting w where w.person = kept.id) then
		update waiting w set person = kept.id where w.person = gone.id;
	end if;
	-- Badges that are on paper stay in the count, behind the others.
	if copies = 0 then
		update print_job j set person = kept.id where j.person = gone.id;
	end if;
	update person p set organisation = coalesce(p.organisation, gone.organisation), category = coalesce(p.category, gone.category)
	where p.id = kept.id;
end $$;

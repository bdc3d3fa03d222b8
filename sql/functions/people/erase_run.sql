-- person.erase: every conference, or one, in one transaction.

-- Tables whose rows stay: what was let in, scanned, judged and voted is others' truth too.
create or replace function erase_stays() returns text[]
language sql immutable as $$
	select array['admission', 'scan', 'judgement', 'conflict', 'vote', 'poll_vote', 'audit', 'slot_revision', 'published', 'release']
$$;

-- As the owner: some of what holds a person the application may only add to.
create or replace function person_erase(in_email text, in_slug text, in_dry boolean, in_force boolean, in_by text)
returns table (reply text, fault text, field text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	k conference;
	p person;
	counts jsonb;
	done jsonb := '[]';
	refused text;
	who uuid;
begin
	if in_slug is not null and not exists (select from conference c where c.slug = in_slug) then
		return query select null::text, 'not_found', 'conference';
		return;
	end if;
	perform set_config('plenum.erasing', 'on', true);
	-- Before anything else of theirs, as releases and places do.
	perform from conference c where in_slug is null or c.slug = in_slug order by c.id for no key update;
	for p in select x.* from person x join conference c on c.id = x.conference
		where x.email = in_email and (in_slug is null or c.slug = in_slug) order by x.id for update of x
	loop
		refused := erase_refused(p, in_force);
		if refused is not null then
			return query select null::text, refused, (select c.slug from conference c where c.id = p.conference);
			return;
		end if;
	end loop;
	begin
		for k in select * from conference c where in_slug is null or c.slug = in_slug order by c.slug loop
			who := (select x.id from person x where x.conference = k.id and x.email = in_email);
			counts := erase_one(k.id, in_email);
			continue when counts = '{}';
			perform erase_told(k.id, who, counts, in_by);
			done := done || jsonb_build_array(jsonb_build_object('conference', k.slug, 'person', who is not null,
				'rows', counts - erase_stays(), 'kept', (select coalesce(jsonb_object_agg(t, n), '{}') from jsonb_each(counts) x(t, n)
					where t = any (erase_stays()))));
		end loop;
		if in_dry then
			raise exception using errcode = 'PL042', message = 'a dry run';
		end if;
	exception when sqlstate 'PL042' then
		-- All of it is undone; what was counted is not.
		null;
	end;
	perform set_config('plenum.erasing', '', true);
	return query select json_build_object('dry_run', in_dry, 'known', done <> '[]', 'conferences', done)::text, null::text, null::text;
end $$;

-- Nobody reads it from the log any more: what stood there is gone but for two channels that hold ids alone, whoever resumes gets a
-- snapshot, and gateways forget what they had in memory. Places that are free again are offered on.
create or replace function erase_told(in_conference uuid, in_person uuid, counts jsonb, in_by text) returns void
language plpgsql as $$
declare
	evs ev[] := waiting_offer(in_conference);
begin
	insert into audit (conference, action, subject, detail) values (in_conference, 'person.erase', '',
		jsonb_strip_nulls(jsonb_build_object('by', in_by, 'rows', (select sum(v::bigint) from jsonb_each_text(counts) x(t, v)))));
	perform channel_append(in_conference, evs);
	delete from channel_event e using channel c
	where c.id = e.channel and c.conference = in_conference and c.name not in ('worker', 'door');
	perform channel_append(in_conference, case when in_person is not null
			then array[row('worker', 'role.changed', json_build_object('person', in_person))::ev] else '{}' end
		|| row('worker', 'log.cut', '{}')::ev);
end $$;

revoke execute on function person_erase(text, text, boolean, boolean, text) from public;
do $$
begin
	if exists (select from pg_roles where rolname = 'plenum_app') then
		grant execute on function person_erase(text, text, boolean, boolean, text) to plenum_app;
	end if;
end $$;

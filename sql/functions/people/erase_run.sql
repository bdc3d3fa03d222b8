-- person.erase: every conference, or one, in one transaction.

-- Tables whose rows stay: what was let in, scanned, judged and voted is others' truth too.
create or replace function erase_stays() returns text[]
language sql immutable as $$
	select array['admission', 'scan', 'judgement', 'conflict', 'vote', 'poll_vote', 'audit', 'slot_revision', 'published', 'release']
$$;

-- Somebody to be erased: an address in a conference.
do $$
begin
	if to_regtype('erase_pair') is null then
		create type erase_pair as (conference uuid, email text);
	end if;
end $$;

-- Has this database been through that erasure? A dump from before it has not. Its id alone is kept, in the line of the audit.
create or replace function erase_was(in_conference uuid, in_erasure uuid) returns boolean
language sql stable as $$
	select exists (select from audit a where a.conference = in_conference and a.action = 'person.erase' and a.detail ->> 'erasure' = in_erasure::text)
$$;

-- What a list outside the database is to remember of an erasure, before it happens (gateway/cli/erased_list.h).
create or replace function erase_listed_as(in_email text, in_slug text) returns jsonb
language sql stable as $$
	select jsonb_build_object('at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'email', in_email,
		'scope', (select c.id from conference c where c.slug = in_slug),
		'persons', (select coalesce(jsonb_agg(x.id order by x.id), '[]') from person x join conference c on c.id = x.conference
			where x.email = in_email and (in_slug is null or c.slug = in_slug)))
$$;

-- All of them in one transaction, or what stands against it. in_scope are the conferences that have been through it then.
create or replace function erase_all(in_scope uuid[], in_pairs erase_pair[], in_dry boolean, in_force boolean, in_by text, in_erasure uuid)
returns table (reply jsonb, fault text, field text)
language plpgsql as $$
declare
	p person;
	k record;
	counts jsonb := '{}';
	done jsonb := '[]';
	refused text;
	who uuid;
begin
	perform set_config('plenum.erasing', 'on', true);
	for p in select x.* from person x join unnest(in_pairs) y on y.conference = x.conference and y.email = x.email order by x.id for update of x loop
		refused := erase_refused(p, in_force);
		if refused is not null then
			return query select null::jsonb, refused, (select c.slug from conference c where c.id = p.conference);
			return;
		end if;
	end loop;
	begin
		for k in select c.id, c.slug, y.email from unnest(in_pairs) y join conference c on c.id = y.conference order by c.slug, y.email loop
			who := (select x.id from person x where x.conference = k.id and x.email = k.email);
			counts := erase_one(k.id, k.email);
			continue when counts = '{}';
			perform erase_told(k.id, who);
			done := done || jsonb_build_array(jsonb_build_object('conference', k.slug, 'person', who is not null,
				'rows', counts - erase_stays(), 'kept', (select coalesce(jsonb_object_agg(t, n), '{}') from jsonb_each(counts) x(t, n)
					where t = any (erase_stays()))));
		end loop;
		perform erase_noted(in_scope, done, in_by, in_erasure);
		if in_dry then
			raise exception using errcode = 'PL042', message = 'a dry run';
		end if;
	exception when sqlstate 'PL042' then
		-- All of it is undone; what was counted is not.
		null;
	end;
	perform set_config('plenum.erasing', '', true);
	return query select jsonb_build_object('dry_run', in_dry, 'known', done <> '[]', 'conferences', done), null::text, null::text;
end $$;

-- As the owner: some of what holds a person the application may only add to. Nobody is erased of whom the list does not know.
drop function if exists person_erase(text, text, boolean, boolean, text);
create or replace function person_erase(in_email text, in_slug text, in_dry boolean, in_force boolean, in_by text, in_erasure uuid, in_listed uuid[])
returns table (reply text, fault text, field text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	scope uuid[];
	known jsonb;
	r record;
begin
	if in_slug is not null and not exists (select from conference c where c.slug = in_slug) then
		return query select null::text, 'not_found', 'conference';
		return;
	end if;
	-- Before anything else of theirs, as releases and places do.
	perform from conference c where in_slug is null or c.slug = in_slug order by c.id for no key update;
	select coalesce(array_agg(c.id), '{}') into scope from conference c where in_slug is null or c.slug = in_slug;
	known := erase_listed_as(in_email, in_slug);
	if not in_dry and (in_erasure is null
		or exists (select from jsonb_array_elements_text(known -> 'persons') x where x::uuid <> all (coalesce(in_listed, '{}'))))
	then
		return query select null::text, 'erase.unlisted', null::text;
		return;
	end if;
	select * into r from erase_all(scope, array(select row(x, in_email)::erase_pair from unnest(scope) x), in_dry, in_force, in_by, in_erasure);
	return query select (r.reply || case when in_dry then jsonb_build_object('listed', known) else '{}' end)::text, r.fault, r.field;
end $$;

-- An erasure of the list once more: in conferences that have not been through it, who has one of its ids, and what is older than it and has
-- its address (null: no address here is that). Whoever came later with the same address is somebody new.
create or replace function person_erase_again(in_erasure uuid, in_at timestamptz, in_scope uuid, in_persons uuid[], in_email text, in_dry boolean,
	in_by text)
returns table (reply text, fault text, field text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	scope uuid[];
	pairs erase_pair[];
	r record;
begin
	perform from conference c where in_scope is null or c.id = in_scope order by c.id for no key update;
	select coalesce(array_agg(c.id), '{}') into scope from conference c
	where (in_scope is null or c.id = in_scope) and not erase_was(c.id, in_erasure);
	pairs := array(
		select row(p.conference, p.email)::erase_pair from person p where p.id = any (in_persons) and p.conference = any (scope)
		union
		select row(c, in_email)::erase_pair from unnest(scope) c where in_email is not null
			and not exists (select from person p where p.conference = c and p.email = in_email and p.created >= in_at and p.id <> all (in_persons)));
	select * into r from erase_all(scope, pairs, in_dry, true, in_by, in_erasure);
	return query select r.reply::text, r.fault, r.field;
end $$;

-- Every address there is: which of them are on a list of hashes is found outside.
create or replace function person_addresses() returns setof text
language sql stable security definer set search_path = public, pg_temp as $$
	select email from person union select email from sign_in where email is not null union select email from sign_in_try
	union select email from call_late union select recipient from outbox union select email from abstract_author where email is not null
$$;

-- Nobody reads it from the log any more: what stood there is gone but for two channels that hold ids alone, whoever resumes gets a
-- snapshot, and gateways forget what they had in memory. Places that are free again are offered on.
drop function if exists erase_told(uuid, uuid, jsonb, text);
create or replace function erase_told(in_conference uuid, in_person uuid) returns void
language plpgsql as $$
declare
	evs ev[] := waiting_offer(in_conference);
begin
	perform channel_append(in_conference, evs);
	delete from channel_event e using channel c
	where c.id = e.channel and c.conference = in_conference and c.name not in ('worker', 'door');
	perform channel_append(in_conference, case when in_person is not null
			then array[row('worker', 'role.changed', json_build_object('person', in_person))::ev] else '{}' end
		|| row('worker', 'log.cut', '{}')::ev);
end $$;

-- Nothing of the person: when, how much, who ran it, and which line of the list it was. Also where nothing was found: it is through with it.
create or replace function erase_noted(in_scope uuid[], in_done jsonb, in_by text, in_erasure uuid) returns void
language sql as $$
	insert into audit (conference, action, subject, detail)
	select c.id, 'person.erase', '', jsonb_strip_nulls(jsonb_build_object('by', in_by, 'erasure', in_erasure, 'rows', (
		select sum(v::bigint) from jsonb_array_elements(in_done) d, jsonb_each_text((d -> 'rows') || (d -> 'kept')) x(t, v)
		where d ->> 'conference' = c.slug)))
	from conference c where c.id = any (in_scope) order by c.id
$$;

do $$
declare
	f text;
begin
	foreach f in array array['person_erase(text, text, boolean, boolean, text, uuid, uuid[])',
		'person_erase_again(uuid, timestamptz, uuid, uuid[], text, boolean, text)', 'person_addresses()']
	loop
		execute format('revoke execute on function %s from public', f);
		if exists (select from pg_roles where rolname = 'plenum_app') then
			execute format('grant execute on function %s to plenum_app', f);
		end if;
	end loop;
end $$;

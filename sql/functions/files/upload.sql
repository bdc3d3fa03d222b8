-- An upload from its announcement to its last piece.

-- Unfinished ones are kept so long after their last piece.
create or replace function file_expires(f file) returns timestamptz
language sql stable as $$
	select f.touched + interval '24 hours'
$$;

create or replace function file_json(f file) returns json
language sql stable as $$
	select json_strip_nulls(json_build_object('file', f.id, 'kind', f.kind, 'subject', coalesce(f.talk, f.abstract), 'name', f.name,
		'type', f.type, 'size', f.size, 'received', f.received, 'state', f.state, 'shared', case when f.kind = 'slides' then f.shared end,
		'sha256', encode(f.sha256, 'hex'), 'at', iso(f.touched),
		'expires', case when f.state = 'uploading' then extract(epoch from file_expires(f))::bigint end))
$$;

-- Announced twice with the same id it is one upload. Eight files a subject; five unfinished ones a person.
create or replace function file_create(in_conference uuid, in_actor uuid, in_file uuid, in_kind text, in_subject uuid, in_name text,
	in_size bigint)
returns table (reply text, fault text)
language plpgsql as $$
declare
	made file;
begin
	-- One after the other for a person, so that the count is a rule.
	perform from person p where p.conference = in_conference and p.id = in_actor for no key update;
	select * into made from file f where f.id = in_file;
	if found then
		return query select case when x.same then file_json(made)::text end, case when not x.same then 'conflict' end
		from (select made.conference = in_conference and made.person = in_actor and made.kind = in_kind and made.size = in_size
			and made.name = in_name and made.state = 'uploading'
			and coalesce(made.talk, made.abstract) is not distinct from in_subject as same) x;
		return;
	end if;
	if in_kind = 'slides' then
		perform from talk t where t.conference = in_conference and t.id = in_subject for no key update;
	else
		perform from abstract a where a.conference = in_conference and a.id = in_subject for no key update;
	end if;
	if not found then
		return;
	elsif not file_may_write(in_conference, in_actor, in_kind, in_subject) then
		return query select null::text, 'denied';
		return;
	elsif in_kind = 'poster' and not exists (select from abstract a where a.id = in_subject and a.outcome = 'poster') then
		return query select null::text, 'file.not_wanted';
		return;
	elsif (select count(*) from file f where f.person = in_actor and f.state = 'uploading') >= 5
		or (select count(*) from file f where f.talk = in_subject or f.abstract = in_subject) >= 8 then
		return query select null::text, 'file.too_many';
		return;
	end if;
	insert into file (id, conference, person, kind, talk, abstract, name, size)
	values (in_file, in_conference, in_actor, in_kind, case when in_kind = 'slides' then in_subject end,
		case when in_kind = 'poster' then in_subject end, in_name, in_size)
	returning * into made;
	return query select file_json(made)::text, null::text;
end $$;

-- A piece is on the disk: it counts if what was there before it still does. With the last one the file is what its bytes say it is, and
-- a poster takes the place of the one before.
create or replace function file_written(in_conference uuid, in_actor uuid, in_file uuid, in_from bigint, in_to bigint, in_type text,
	in_sha256 bytea)
returns table (reply text, fault text)
language plpgsql as $$
declare
	held file;
begin
	update file f set received = in_to, touched = now(), type = in_type, sha256 = in_sha256,
		state = case when in_to = f.size then 'ready' else f.state end
	where f.conference = in_conference and f.person = in_actor and f.id = in_file and f.state = 'uploading' and f.received = in_from
	returning * into held;
	if not found then
		return query select null::text, 'conflict';
		return;
	end if;
	if held.state = 'ready' then
		if held.kind = 'poster' then
			delete from file f where f.abstract = held.abstract and f.id <> held.id and f.state = 'ready';
		end if;
		insert into audit (conference, actor, action, subject, detail)
		values (in_conference, in_actor, 'file.ready', held.id, jsonb_build_object('kind', held.kind, 'subject', coalesce(held.talk, held.abstract),
			'sha256', encode(held.sha256, 'hex')));
		perform channel_append(in_conference, file_events(held));
	end if;
	return query select file_json(held)::text, null::text;
end $$;

create or replace function file_events(f file) returns ev[]
language sql stable as $$
	select array[row('person:' || f.person, 'file.changed', json_build_object('file', f.id, 'kind', f.kind,
		'subject', coalesce(f.talk, f.abstract), 'state', f.state))::ev]
$$;

-- It was not what it was called: the row says so for a day to whoever comes back, its bytes go.
create or replace function file_refuse(in_conference uuid, in_actor uuid, in_file uuid) returns boolean
language plpgsql as $$
begin
	update file f set state = 'refused', touched = now(), received = 0
	where f.conference = in_conference and f.person = in_actor and f.id = in_file and f.state = 'uploading';
	insert into file_waste (file) values (in_file) on conflict on constraint file_waste_key do nothing;
	update due set at = now() where conference is null and kind = 'files' and at > now();
	return true;
end $$;

-- The seam for other services: what is ready for a talk or an abstract.
create or replace function files_of(in_conference uuid, in_kind text, in_subject uuid) returns json
language plpgsql stable as $$
begin
	return coalesce((select json_agg(json_build_object('file', f.id, 'name', f.name, 'type', f.type, 'size', f.size, 'at', iso(f.touched))
			order by f.touched, f.id)
		from file f where f.conference = in_conference and f.kind = in_kind and f.state = 'ready'
			and in_subject = case in_kind when 'slides' then f.talk else f.abstract end), '[]');
end $$;

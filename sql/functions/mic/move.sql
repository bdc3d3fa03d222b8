-- Every step of a place at the microphone: waiting → called → connecting → heard → done, with skipped, no_show and left beside it.

-- From where a command leads, and whither.
create or replace function mic_steps(command text, out froms text[], out target text)
language sql immutable as $$
	select s.froms, s.target from (values
		('call', '{waiting}'::text[], 'called'),
		('connecting', '{called}', 'connecting'),
		('heard', '{called,connecting}', 'heard'),
		('done', '{called,connecting,heard}', 'done'),
		('skip', '{waiting,called,connecting}', 'skipped'),
		('no_show', '{called,connecting}', 'no_show'),
		('wait', '{called,connecting,skipped,no_show}', 'waiting')) as s(command, froms, target)
	where s.command = $1
$$;

-- Makes the step, under the queue's lock; whoever was being heard gives the floor. in_line: as it was before.
create or replace function mic_step(in_line mic_line, in_actor uuid, in_old mic_entry, in_command text, in_target text)
returns ev[]
language plpgsql as $$
declare
	off uuid;
	calling boolean := in_target = 'called';
	ends boolean := in_target in ('done', 'skipped', 'no_show');
	-- What somebody in an anonymous session does themself has no name either.
	who uuid := case when mic_is_of(in_old, in_actor) then coalesce(in_old.pseudonym, in_actor) else in_actor end;
	-- What was read out for them was no voice of theirs.
	spoke boolean := in_target = 'heard' or in_target = 'done' and in_old.state in ('called', 'connecting') and not in_old.read_out;
begin
	if in_target = 'heard' then
		update mic_entry e set state = 'done', version = e.version + 1, ended = now(), changed_by = who
		where e.session = in_old.session and e.state = 'heard' returning e.id into off;
	end if;
	if calling then
		update mic_line m set version = m.version + 1 where m.session = in_old.session;
	end if;
	update mic_entry e set state = in_target, version = e.version + 1, changed_by = who,
		turn = case when calling then in_line.version + 1 when in_target in ('waiting', 'skipped', 'no_show') then null else e.turn end,
		called = case when calling then now() when in_target <> 'waiting' then e.called end,
		heard = case when spoke then coalesce(e.heard, now()) else e.heard end,
		ended = case when ends then now() end
	where e.id = in_old.id;
	insert into audit (conference, actor, action, subject, detail)
	select in_old.conference, who, 'mic.' || x.command, x.entry::text,
		jsonb_build_object('session', in_old.session, 'before', x.before, 'after', x.after)
	from (values (in_old.id, in_command, in_old.state, in_target), (off, 'done', 'heard', 'done')) as x(entry, command, before, after)
	where x.entry is not null;
	return mic_tell(in_old.conference, in_old.session, array_remove(array[case when not calling then in_old.id end, off], null),
		case when calling then array[in_old.id] else '{}' end, true);
end $$;

create or replace function mic_reply(e mic_entry, noop boolean) returns json
language sql stable as $$
	select json_strip_nulls(json_build_object('entry', e.id, 'session', e.session, 'state', e.state, 'version', e.version,
		'noop', nullif(noop, false)))
$$;

-- One command on one place. No row: no such place.
create or replace function mic_move(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_entry uuid, in_version int,
	in_command text)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	step record;
	line mic_line;
	old mic_entry;
	new mic_entry;
	own boolean;
	evs ev[] := '{}';
begin
	select * into step from mic_steps(in_command);
	select * into old from mic_entry e where e.conference = in_conference and e.id = in_entry;
	if not found then
		return;
	end if;
	own := in_command = 'connecting' and mic_is_of(old, in_actor);
	-- Whoever has the hall's sound confirms that it hears somebody: they are staff, and need not be a moderator.
	if not own and not (case in_command when 'heard' then mic_may(in_conference, in_actor, old.session)
			else qa_may(in_conference, in_actor, old.session) end) then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	line := mic_hold(in_conference, old.session);
	select * into old from mic_entry e where e.id = in_entry for update;
	if old.state = step.target then
		return query select write_done(in_conference, in_actor, in_key, in_hash, mic_reply(old, true), '{}'), null::text, null::json;
		return;
	end if;
	if old.version <> in_version or not (old.state = any (step.froms)
		or in_command = 'done' and old.state = 'waiting' and old.read_out) then
		return query select null::text, case when old.version <> in_version then 'conflict' else 'mic.state' end,
			case when own then mic_own(old, null, null) else mic_staff(old) end;
		return;
	end if;
	evs := mic_step(line, in_actor, old, in_command, step.target);
	select * into new from mic_entry e where e.id = in_entry;
	return query select write_done(in_conference, in_actor, in_key, in_hash, mic_reply(new, false), evs), null::text, null::json;
end $$;

-- Calls whoever is first. in_version: how many calls there had been; when two press at once the second one finds it done.
create or replace function mic_call_next(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_session uuid, in_version int)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	line mic_line;
	old mic_entry;
	new mic_entry;
	evs ev[];
begin
	if not exists (select from session s where s.conference = in_conference and s.id = in_session) then
		return;
	end if;
	if not qa_may(in_conference, in_actor, in_session) then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	line := mic_hold(in_conference, in_session);
	if line.version <> in_version then
		select * into old from mic_entry e where e.session = in_session and e.turn = line.version and e.state in ('called', 'connecting', 'heard');
		if found and line.version = in_version + 1 then
			return query select write_done(in_conference, in_actor, in_key, in_hash, mic_reply(old, true), '{}'), null::text, null::json;
		else
			return query select null::text, 'conflict', mic_snapshot(in_conference, in_session);
		end if;
		return;
	end if;
	select e.* into old from mic_line_up(in_conference, in_session) l join mic_entry e on e.id = l.entry where l.place = 1;
	if old.id is null then
		return query select null::text, 'mic.empty', null::json;
		return;
	end if;
	evs := mic_step(line, in_actor, old, 'call', 'called');
	select * into new from mic_entry e where e.id = old.id;
	return query select write_done(in_conference, in_actor, in_key, in_hash, mic_reply(new, false), evs), null::text, null::json;
end $$;

-- The order by hand: it names all who wait, or somebody has come or gone meanwhile.
create or replace function mic_reorder(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_session uuid, in_entries json)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	ids uuid[];
	here uuid[];
begin
	if json_typeof(in_entries) <> 'array' then
		return query select null::text, 'bad_request', null::json;
		return;
	end if;
	ids := array(select x::uuid from json_array_elements_text(in_entries) x);
	if not exists (select from session s where s.conference = in_conference and s.id = in_session) then
		return;
	end if;
	if not qa_may(in_conference, in_actor, in_session) then
		return query select null::text, 'denied', null::json;
		return;
	end if;
	perform mic_hold(in_conference, in_session);
	here := array(select e.id from mic_entry e where e.session = in_session and e.state = 'waiting');
	if mic_policy(in_conference, in_session) <> 'manual' or cardinality(ids) <> cardinality(here) or not (ids @> here and here @> ids) then
		return query select null::text, 'mic.order', mic_snapshot(in_conference, in_session);
		return;
	end if;
	update mic_entry e set place = x.n from unnest(ids) with ordinality x(id, n) where e.id = x.id;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'mic.order', in_session::text, jsonb_build_object('entries', in_entries));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('session', in_session, 'waiting', cardinality(ids)),
		mic_tell(in_conference, in_session, '{}')), null::text, null::json;
end $$;

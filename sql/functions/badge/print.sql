-- One badge: the first one once, another with a reason, and what becomes of a job that failed.

create or replace function badge_event(j print_job) returns ev
language sql stable as $$
	select row('badge', 'badge.changed', json_build_object('job', badge_job(j)))::ev
$$;

-- Where it comes out: as said, beside the station that asks, or the conference's; null: whichever printer is free.
create or replace function badge_where(in_conference uuid, in_station uuid, in_printer text) returns text
language sql stable as $$
	select coalesce(in_printer, (select s.printer from station s where s.id = in_station),
		(select c.printer from badge_setting c where c.conference = in_conference))
$$;

create or replace function badge_told(j print_job, made boolean) returns json
language sql stable as $$
	select json_strip_nulls(json_build_object('job', j.id, 'copy', j.copy_no, 'state', j.state, 'printer', coalesce(j.printer, j.wanted),
		'box', badge_box(j.box), 'number', j.number, 'new', made,
		-- Whether anybody is there to print it: said at once, so that nobody waits at a printer that is off.
		'waits', case when j.state = 'queued' and j.batch is null and not exists (select from badge_printer p
			where p.conference = j.conference and p.ready and p.seen > now() - interval '60 seconds'
				and (j.wanted is null or p.name = j.wanted)) then true end))
$$;

-- Copy 1, or the one there is. in_own: only for somebody this station let in. No row: nobody it may print for.
create or replace function badge_print(in_conference uuid, in_actor uuid, in_person uuid, in_scan uuid, in_printer text,
	in_station uuid, in_own boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	who uuid := in_person;
	job print_job;
	made boolean := true;
begin
	if in_scan is not null then
		select s.person into who from scan s
		where s.conference = in_conference and s.scan_id = in_scan and (in_person is null or s.person = in_person)
			and (not in_own or s.station = in_station
				and exists (select from admission a where a.list = s.list and a.person = s.person and a.undone is null));
	end if;
	if not exists (select from registration r where r.conference = in_conference and r.person = who and r.state = 'confirmed') then
		return;
	end if;
	-- Whoever comes second waits here for the first to commit, and finds the job.
	insert into print_job (conference, person, template, copy_no, station, by_person, wanted, at, changed)
	select in_conference, who, s.template, 1, in_station, case when in_station is null then in_actor end,
		badge_where(in_conference, in_station, in_printer), plenum_now(in_conference), plenum_now(in_conference)
	from badge_settings(in_conference) s
	where not exists (select from print_job x where x.person = who)
	on conflict on constraint print_job_once do nothing
	returning * into job;
	if job.id is null then
		made := false;
		select * into job from print_job x where x.person = who order by x.copy_no desc limit 1;
	end if;
	return query select write_done(in_conference, in_actor, null, null, badge_told(job, made),
		case when made then array[badge_event(job)] else '{}' end), null::text, null::json;
end $$;

-- Copy n + 1. The person's row is held, so that two at once make n + 1 and n + 2.
create or replace function badge_reprint(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_person uuid, in_reason text,
	in_printer text, in_station uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	last int;
	job print_job;
begin
	perform from person p where p.conference = in_conference and p.id = in_person for no key update;
	if not found then
		return;
	end if;
	select max(x.copy_no) into last from print_job x where x.person = in_person;
	if last is null or last >= 99 then
		return query select null::text, case when last is null then 'badge.first' else 'limit.size' end, null::json;
		return;
	end if;
	insert into print_job (conference, person, template, copy_no, reason, station, by_person, wanted, at, changed)
	select in_conference, in_person, s.template, last + 1, in_reason, in_station, case when in_station is null then in_actor end,
		badge_where(in_conference, in_station, in_printer), plenum_now(in_conference), plenum_now(in_conference)
	from badge_settings(in_conference) s
	returning * into job;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'badge.reprint', in_person::text,
		jsonb_build_object('job', job.id, 'copy', job.copy_no, 'reason', in_reason));
	-- The one in a box is no longer the one to look for.
	return query select write_done(in_conference, in_actor, in_key, in_hash, badge_told(job, true),
			array[badge_event(job)] || door_events(in_conference, array[in_person])),
		null::text, null::json;
end $$;

-- What somebody decides of a job that waits, failed, or of which nobody knows: printed again (elsewhere, perhaps), or it is there.
create or replace function badge_settle(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_job uuid, in_state text,
	in_printer text)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	job print_job;
begin
	select * into job from print_job j where j.conference = in_conference and j.id = in_job for update;
	if not found then
		return;
	end if;
	if job.batch is not null or job.state not in ('queued', 'failed', 'unknown') then
		return query select null::text, 'badge.state', badge_job(job);
		return;
	end if;
	update print_job j set state = in_state, wanted = coalesce(in_printer, j.wanted), error = null,
		printer = case when in_state = 'done' then j.printer end, agent = null, lease = null,
		changed = plenum_now(in_conference)
	where j.id = in_job returning * into job;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'badge.settle', in_job::text, jsonb_build_object('state', in_state, 'printer', job.wanted));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('job', job.id, 'state', job.state),
		array[badge_event(job)]), null::text, null::json;
end $$;

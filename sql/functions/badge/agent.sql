-- What a program beside a printer asks and tells: work to do, and what became of it.

-- Looked at again when the lease is over.
create or replace function badge_watch(in_conference uuid, in_printer text, in_at timestamptz) returns void
language sql as $$
	insert into due (conference, kind, subject, at) values (in_conference, 'badge', in_conference || ':' || in_printer, in_at)
	on conflict on constraint due_once do nothing
$$;

-- The printer is here, and ready or not: told when that changes, not each time.
create or replace function badge_seen(in_conference uuid, in_printer text, in_ready boolean, in_error text) returns ev[]
language plpgsql as $$
declare
	before badge_printer;
	after badge_printer;
begin
	select * into before from badge_printer p where p.conference = in_conference and p.name = in_printer for update;
	insert into badge_printer (conference, name, seen, ready, error) values (in_conference, in_printer, now(), in_ready, in_error)
	on conflict on constraint badge_printer_once do update set seen = now(), ready = in_ready, error = in_error
	returning * into after;
	if before.name is not null and before.seen > now() - interval '60 seconds'
		and (before.ready, before.error) is not distinct from (after.ready, after.error) then
		return '{}';
	end if;
	return array[row('badge', 'badge.printer', json_build_object('printer', badge_printer_json(after)))::ev];
end $$;

-- Work for a printer: what its program holds already, and more while it is ready. A repeat gives the same again.
create or replace function badge_claim(in_conference uuid, in_actor uuid, in_printer text, in_ready boolean, in_error text, in_max int)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	ends timestamptz := now() + interval '60 seconds';
	evs ev[];
	held uuid[];
	took uuid[] := '{}';
begin
	if (select count(*) from badge_printer p where p.conference = in_conference and p.name <> in_printer) >= 50 then
		return query select null::text, 'limit.size', null::json;
		return;
	end if;
	evs := badge_seen(in_conference, in_printer, in_ready, in_error);
	with kept as (
		update print_job j set lease = ends
		where j.conference = in_conference and j.agent = in_actor and j.printer = in_printer and j.state = 'sent' and j.batch is null
		returning j.id
	)
	select coalesce(array_agg(id), '{}') into held from kept;
	if in_ready and cardinality(held) < in_max then
		with next as (
			select j.id from print_job j
			where j.conference = in_conference and j.state = 'queued' and j.batch is null
				and (j.wanted is null or j.wanted = in_printer)
			order by j.at, j.id limit in_max - cardinality(held) for update skip locked
		), taken as (
			update print_job j set state = 'sent', printer = in_printer, agent = in_actor, lease = ends, error = null,
				changed = plenum_now(in_conference)
			from next n where j.id = n.id returning j.*
		)
		select coalesce(array_agg(t.id order by t.at, t.id), '{}') into took from taken t;
		evs := evs || array(select badge_event(j) from print_job j where j.id = any (took) order by j.at, j.id);
	end if;
	perform badge_watch(in_conference, in_printer, ends) where cardinality(held || took) > 0;
	return query select write_done(in_conference, in_actor, null, null, json_build_object('jobs',
			(select coalesce(json_agg(json_plus(badge_paper(j), json_build_object('held', j.id = any (held))) order by j.at, j.id), '[]')
			from print_job j where j.id = any (held || took)),
			'waiting', (select count(*) from print_job j where j.conference = in_conference and j.state = 'queued' and j.batch is null
				and (j.wanted is null or j.wanted = in_printer))), evs),
		null::text, null::json;
end $$;

-- What became of a job: by whoever holds it, also after its lease, as long as nobody else has taken it. 'queued' gives it back.
create or replace function badge_report(in_conference uuid, in_actor uuid, in_job uuid, in_state text, in_error text)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	job print_job;
	changed boolean;
begin
	select * into job from print_job j where j.conference = in_conference and j.id = in_job for update;
	if not found then
		return;
	end if;
	if job.agent is distinct from in_actor then
		return query select null::text, 'badge.state', badge_job(job);
		return;
	end if;
	changed := (job.state, job.error) is distinct from (in_state, in_error);
	if changed and job.state not in ('sent', 'unknown') then
		return query select null::text, 'badge.state', badge_job(job);
		return;
	end if;
	if changed then
		update print_job j set state = in_state, error = in_error, changed = plenum_now(in_conference),
			agent = case when in_state = 'queued' then null else j.agent end,
			printer = case when in_state = 'queued' then null else j.printer end,
			lease = case when in_state = 'sent' then now() + interval '60 seconds' end
		where j.id = in_job returning * into job;
	end if;
	return query select write_done(in_conference, in_actor, null, null, json_build_object('job', job.id, 'state', job.state),
		case when changed then array[badge_event(job)] else '{}' end), null::text, null::json;
end $$;

-- The program has not been heard of for a minute: whether the badge came out nobody knows.
create or replace function due_badge(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	of_printer text := substr(in_subject, 38);
	evs ev[];
	next timestamptz;
begin
	with lost as (
		update print_job j set state = 'unknown', error = 'The program beside the printer has gone.', lease = null,
			changed = plenum_now(in_conference)
		where j.conference = in_conference and j.printer = of_printer and j.state = 'sent' and j.batch is null and j.lease <= now()
		returning badge_event(j) as e
	)
	select coalesce(array_agg(l.e), '{}') into evs from lost l;
	if cardinality(evs) > 0 then
		perform channel_append(in_conference, evs);
	end if;
	select min(j.lease) into next from print_job j
	where j.conference = in_conference and j.printer = of_printer and j.state = 'sent' and j.batch is null;
	perform badge_watch(in_conference, of_printer, next + interval '0.1 seconds') where next is not null;
end $$;

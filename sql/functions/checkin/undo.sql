-- Taking back what a scan did: by whom, and how long.

-- Staff: at any time. A station at a desk: its own scans, for five minutes. Nobody else, and nobody another station's.
create or replace function door_undo(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_scan uuid, in_reason text, in_staff boolean)
returns table (reply text, fault text)
language plpgsql as $$
declare
	s scan;
	last judgement;
	clock timestamptz := plenum_now(in_conference);
	evs ev[];
	doer json;
begin
	select x.* into s from scan x join person p on p.id = x.person
	where x.conference = in_conference and x.scan_id = in_scan and x.direction = 'entry' for no key update of p;
	if not found then
		return;
	end if;
	if not in_staff then
		if s.station is distinct from in_actor or not exists (select from station t where t.id = in_actor and t.profile = 'desk') then
			return query select null::text, 'denied';
			return;
		elsif s.at < clock - interval '5 minutes' then
			return query select null::text, 'checkin.late';
			return;
		end if;
	end if;
	select * into last from judgement j where j.scan = in_scan order by j.n desc limit 1;
	if last.verdict = 'reversed' then
		return query select null::text, 'checkin.undone';
		return;
	elsif last.verdict = 'refused' and last.reason <> 'duplicate_offline' then
		return;
	end if;
	insert into judgement (scan, n, conference, list, verdict, reason, at, by_person, result)
	values (in_scan, last.n + 1, in_conference, s.list, 'reversed', null, clock, case when in_staff then in_actor end,
		door_result(in_scan, 'reversed', null, null));
	doer := case when in_staff then (select json_build_object('staff', json_build_object('id', p.id, 'name', door_name(p.name))) from person p where p.id = in_actor)
		else (select json_build_object('station', json_build_object('id', t.id, 'name', t.name)) from station t where t.id = in_actor) end;
	evs := array[row('list:' || s.list, 'scan.undone', json_plus(json_strip_nulls(json_build_object('scan_id', in_scan, 'list', s.list,
		'reason', in_reason, 'ticket', coalesce(encode(s.row_key, 'hex'), door_ticket(s.person)), 'at', iso(clock))), doer))::ev];
	evs := evs || door_settle(in_conference, s.person, case when in_staff then in_actor end, in_reason, true);
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'checkin.undo', in_scan, jsonb_build_object('reason', in_reason, 'list', s.list, 'person', s.person));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('scan_id', in_scan), evs), null::text;
end $$;

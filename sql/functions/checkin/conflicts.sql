-- What a person has to look at, and who hears of it.

create or replace function conflict_json(in_conflict uuid) returns json
language sql stable as $$
	select json_strip_nulls(json_build_object('id', c.id, 'kind', c.kind, 'list', c.list, 'undetermined', c.undetermined,
		'raised', iso(c.raised), 'settled', iso(c.settled), 'note', c.note,
		'scans', (select coalesce(json_agg(json_build_object('scan_id', s.scan_id,
				'station', case when t.id is not null then json_build_object('id', t.id, 'name', t.name) end,
				'staff', case when t.id is null then json_build_object('id', w.id, 'name', door_name(w.name)) end,
				'at', iso(s.at), 'uncert_ms', door_doubt(s.mode, s.uncert_ms), 'flag', s.clock_flag,
				'shown', coalesce(s.shown_verdict, (select j.verdict from judgement j where j.scan = s.scan_id and j.n = 1)))
				order by s.at, s.scan_id), '[]')
			from scan s left join station t on t.id = s.station left join person w on w.id = s.staff
			where s.scan_id in (c.scan_a, c.scan_b)),
		'station', case when st.id is not null then json_build_object('id', st.id, 'name', st.name) end,
		'ticket', (select encode(e.row_key, 'hex') from entry_code e where e.person = c.person order by e.generation desc limit 1),
		'person', case when p.id is not null then json_build_object('id', p.id, 'name', p.name) end,
		'detail', nullif(c.detail, '{}')))
	from conflict c left join person p on p.id = c.person left join station st on st.id = c.station
	where c.id = in_conflict
$$;

-- To the list and to each station concerned. A station's screen may stand in the open: no full names there.
create or replace function conflict_events(in_conflict uuid, in_type text) returns ev[]
language sql stable as $$
	select array_agg(row(t.channel, in_type, json_build_object('conflict', case when x.j ? 'person'
			then jsonb_set(x.j, '{person}', jsonb_build_object('name', door_name(x.j #>> '{person,name}'))) else x.j end))::ev order by t.channel)
	from (select conflict_json(in_conflict)::jsonb as j offset 0) x
	cross join lateral (
		select 'list:' || (x.j ->> 'list') as channel
		union
		select 'station:' || s.id from (select x.j #>> '{station,id}' as id union select e #>> '{station,id}' from jsonb_array_elements(x.j -> 'scans') e) s
		where s.id is not null) t
$$;

-- Settled by a person, with a note.
create or replace function conflict_settle(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_conflict uuid, in_note text)
returns table (reply text, fault text)
language plpgsql as $$
declare
	c conflict;
begin
	select * into c from conflict x where x.conference = in_conference and x.id = in_conflict for no key update;
	if not found then
		return;
	elsif c.settled is not null then
		return query select null::text, 'checkin.settled';
		return;
	end if;
	update conflict x set settled = plenum_now(in_conference), settled_by = in_actor, note = in_note where x.id = c.id;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'conflict.settle', c.id, jsonb_build_object('kind', c.kind, 'list', c.list, 'note', in_note));
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('conflict', c.id),
		conflict_events(c.id, 'conflict.settled')), null::text;
end $$;

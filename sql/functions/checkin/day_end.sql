-- The end of a list's day: whoever is still inside counts as gone. A job tells it once a date, at the instant its wall time is there;
-- what is uploaded later is held against the same instants (door_settle).

-- When the next one is due. Real time: conference time may run beside it.
create or replace function day_end_schedule(in_list uuid) returns void
language sql as $$
	with next as (
		select l.conference, day_end_after(l.id, now() + c.clock_offset) - c.clock_offset as at
		from checkin_list l join conference c on c.id = l.conference where l.id = in_list
	), gone as (
		delete from due d using next n where d.conference = n.conference and d.kind = 'day_end' and d.subject = in_list::text and n.at is null
	)
	insert into due (conference, kind, subject, at) select n.conference, 'day_end', in_list::text, n.at from next n where n.at is not null
	on conflict on constraint due_once do update set at = excluded.at
$$;

-- Since when somebody is inside: the last entry of theirs that counts.
create or replace function day_since(in_list uuid, in_person uuid, in_at timestamptz) returns timestamptz
language sql stable as $$
	select greatest(in_at, max(s.at)) from scan s
	where s.person = in_person and s.list = in_list and s.direction = 'entry'
		and (select j.verdict from judgement j where j.scan = s.scan_id order by j.n desc limit 1) = 'admitted'
$$;

create or replace function due_day_end(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	gone timestamptz;
begin
	with inside as (
		select a.id, day_end_after(a.list, day_since(a.list, a.person, a.at)) as at
		from admission a where a.list = in_subject::uuid and a.conference = in_conference and a.undone is null and a.left_at is null
	), closed as (
		update admission a set left_at = i.at from inside i
		where a.id = i.id and i.at <= plenum_now(in_conference) and a.undone is null and a.left_at is null
		returning a.left_at
	)
	select max(left_at) into gone from closed;
	if gone is not null then
		perform channel_append(in_conference, array[row('list:' || in_subject, 'list.emptied',
			json_build_object('list', in_subject, 'at', iso(gone)))::ev]);
	end if;
	perform day_end_schedule(in_subject::uuid);
end $$;

-- Whoever changes a list's day or the clock it goes by: the job looks at once, for one may have passed, and finds the next itself.
create or replace function day_end_look(in_list uuid, in_conference uuid) returns void
language sql as $$
	insert into due (conference, kind, subject, at) values (in_conference, 'day_end', in_list::text, now())
	on conflict on constraint due_once do update set at = least(due.at, excluded.at)
$$;

create or replace function day_end_list() returns trigger language plpgsql as $$
begin
	if new.day_ends is not null or tg_op = 'UPDATE' and old.day_ends is not null then
		perform day_end_look(new.id, new.conference);
	end if;
	return null;
end $$;
create or replace trigger day_end_list after insert or update of day_ends on checkin_list for each row
	execute function day_end_list();

create or replace function day_end_clock() returns trigger language plpgsql as $$
begin
	perform day_end_look(l.id, l.conference) from checkin_list l where l.conference = new.id and l.day_ends is not null order by l.id;
	return null;
end $$;
create or replace trigger day_end_clock after update of clock_offset, zone on conference for each row
	when (old.clock_offset <> new.clock_offset or old.zone <> new.zone) execute function day_end_clock();

-- "Check your set-up", to everybody who takes part online: in the week before, and on the last day.

create or replace function mail_day(day date, danish boolean) returns text
language sql immutable as $$
	select case when danish then (array['søndag', 'mandag', 'tirsdag', 'onsdag', 'torsdag', 'fredag', 'lørdag'])[extract(dow from day) + 1]
			|| to_char(day, ' "den" FMDD. ') || (array['januar', 'februar', 'marts', 'april', 'maj', 'juni', 'juli', 'august', 'september', 'oktober',
				'november', 'december'])[extract(month from day)]
		else to_char(day, 'FMDay FMDD FMMonth') end
$$;

-- Looks again by and by: who registers within the week is written to as well, each of the two once.
create or replace function due_setup_check(in_conference uuid, in_subject text) returns void
language plpgsql as $$
declare
	c conference;
	days int;
begin
	select * into c from conference where id = in_conference;
	if not found then
		return;
	end if;
	days := c.starts - (plenum_now(in_conference) at time zone c.zone)::date;
	if days between 1 and 7 then
		perform mail_tell(in_conference, p.id, 'setup.check', case when days = 1 then 'D1' else 'D7' end, jsonb_build_object(
			'link', '{base}' || case when c.is_default then '' else '/e/' || c.slug end || '/attend', 'day', mail_day(c.starts, p.language = 'da')))
		from person p join registration r on r.person = p.id and r.state = 'confirmed'
		where p.conference = in_conference and p.mode = 'online' and not exists (select from outbox o where o.person = p.id
			and o.kind = 'setup.check' and o.dedupe like '%:' || case when days = 1 then 'D1' else 'D7' end);
	end if;
	if days >= 1 then
		insert into due (conference, kind, subject, at) values (in_conference, 'setup_check', '',
			now() + case when days <= 8 then interval '5 minutes' else interval '1 hour' end)
		on conflict on constraint due_once do update set at = excluded.at;
	end if;
end $$;

-- Whenever a conference begins to exist, or its days or its clock are moved.
create or replace function setup_check_again() returns trigger language plpgsql as $$
begin
	insert into due (conference, kind, subject, at) values (new.id, 'setup_check', '', now())
	on conflict on constraint due_once do update set at = excluded.at;
	return null;
end $$;
create or replace trigger setup_check_again after insert or update of starts, zone, clock_offset on conference
	for each row execute function setup_check_again();
insert into due (conference, kind, subject, at) select id, 'setup_check', '', now() from conference where starts > current_date
on conflict on constraint due_once do nothing;

-- What the stations are told of tickets: the channel `door`, and what stands in a snapshot's rows. (Bodies are checked late.)

-- valid, revoked or superseded: what a station may know of a code without its person.
create or replace function ticket_status(e entry_code) returns text
language sql stable as $$
	select case
		when exists (select from registration r where r.person = e.person and r.state = 'cancelled') then 'revoked'
		when exists (select from entry_code n where n.person = e.person and n.generation > e.generation) then 'superseded'
		when e.revoked is not null then 'revoked'
		else 'valid' end
$$;

-- Called by every statement that changes a code, a registration or what a station is told of a person, after the change: stamps their
-- codes, so that a snapshot's successor has them, and returns the events. What refuses stands before what lets in. Of many at once one
-- event without a ticket: it says that the delta is to be fetched.
create or replace function door_events(in_conference uuid, in_persons uuid[]) returns ev[]
language plpgsql as $$
begin
	if in_persons is null or cardinality(in_persons) = 0 then
		return '{}';
	end if;
	update entry_code e set changed = clock_timestamp()
	where e.conference = in_conference and e.person = any (in_persons) and e.changed < now();
	if cardinality(in_persons) > 50 then
		return array[row('door', 'ticket.changed', json_build_object('status', 'valid'))::ev];
	end if;
	return array(
		select row('door', 'ticket.changed', json_build_object('ticket', encode(e.row_key, 'hex'), 'status', s.status))::ev
		from entry_code e cross join lateral (select ticket_status(e) as status) s
		where e.conference = in_conference and e.person = any (in_persons) and e.row_key is not null
			-- Those that were superseded long ago are known to be.
			and e.generation >= (select max(n.generation) - 1 from entry_code n where n.person = e.person)
		order by s.status = 'valid', e.row_key);
end $$;

-- Whoever changes a registration or erases a person, by whichever way: the stations hear of it. (A conference that goes as a whole has
-- nobody left to tell.)
create or replace function registration_told() returns trigger
language plpgsql as $$
begin
	perform channel_append(new.conference, door_events(new.conference, array[new.person]));
	return null;
end $$;
create or replace trigger registration_told after update of state on registration for each row
when (old.state <> new.state) execute function registration_told();

create or replace function person_erased() returns trigger
language plpgsql as $$
declare
	evs ev[];
begin
	evs := array(select row('door', 'ticket.changed', json_build_object('ticket', encode(e.row_key, 'hex'), 'status', 'revoked'))::ev
		from entry_code e where e.person = old.id and e.row_key is not null order by e.row_key);
	if cardinality(evs) > 0 and exists (select from conference k where k.id = old.conference) then
		perform channel_append(old.conference, evs);
	end if;
	return old;
end $$;
create or replace trigger person_erased before delete on person for each row execute function person_erased();

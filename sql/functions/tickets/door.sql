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

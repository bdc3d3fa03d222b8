-- What the door's statements share: names as shown there, seats left, figures of a list. (Bodies are checked late: core comes after.)

-- "Anna Maria Lund" → "Anna L.": enough to greet, too little to collect. One expression, so that a statement over 25,000 people has it in
-- its own plan instead of 25,000 calls.
create or replace function door_name(name text) returns text
language sql immutable parallel safe as $$
	select substring(trim(name) from '^\S*')
		|| case when trim(name) ~ '\s' then ' ' || left(substring(trim(name) from '\S*$'), 1) || '.' else '' end
$$;

-- How many more may be inside. The list's row stays locked until the end of the transaction, and the count is made after the lock
-- with eyes of its own: two workers cannot give away the same seat.
create or replace function list_seats(in_conference uuid, in_list uuid) returns bigint
language plpgsql as $$
declare
	seats bigint;
begin
	select l.capacity into seats from checkin_list l
	where l.conference = in_conference and l.id = in_list for no key update;
	return seats - (select count(*) from admission a
		where a.list = in_list and a.undone is null and a.left_at is null);
end $$;

-- Something a statement did rests on a row that turned out to be another's: undo it all; whoever called sends it again.
create or replace function scan_race() returns text
language plpgsql as $$
begin
	raise exception 'a scan of this id came in between' using errcode = 'serialization_failure';
end $$;

-- conflicts: what the door and the register do not agree on: what is open for a person to look at, somebody inside whose registration has
-- since been cancelled or moved online, somebody who left without having come in.
create or replace function list_stats(in_conference uuid, in_list uuid) returns json
language plpgsql stable as $$
begin
	return (select json_build_object('admitted', a.admitted, 'inside', a.inside,
		'refused', (select count(*) from judgement j
			where j.list = in_list and j.verdict = 'refused'
				and not exists (select from judgement k where k.scan = j.scan and k.n > j.n)),
		'conflicts', a.conflicts + (select count(*) from judgement j
			where j.list = in_list and j.verdict = 'admitted' and j.reason = 'exit_without_entry'
				and not exists (select from judgement k where k.scan = j.scan and k.n > j.n))
			-- Revoked and inside is counted already.
			+ (select count(*) from conflict c where c.conference = in_conference and c.list = in_list and c.settled is null
				and not (c.kind = 'revoked_entry' and exists (select from registration r where r.person = c.person and r.state = 'cancelled'))))
	from (select count(*) as admitted, count(*) filter (where a.left_at is null) as inside,
			count(*) filter (where a.left_at is null and (r.state = 'cancelled' or p.mode = 'online')) as conflicts
		from admission a left join person p on p.id = a.person left join registration r on r.person = a.person
		where a.conference = in_conference and a.list = in_list and a.undone is null) a);
end $$;

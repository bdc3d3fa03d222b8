-- A calendar shows more than a release holds: what changes beside one is a revision too.
create or replace function published_touch(in_conference uuid, in_slots uuid[]) returns void
language sql as $$
	update published set revision = revision + 1,
		revised = greatest(date_trunc('second', plenum_now(in_conference)), revised + interval '1 second')
	where conference = in_conference and slot = any (in_slots)
$$;

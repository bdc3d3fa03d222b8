-- A calendar shows more than a release holds: what changes beside one is a revision too.

-- revision is SEQUENCE, revised DTSTAMP and LAST-MODIFIED: on the conference's clock, in whole seconds, later each time. Whoever changes
-- what a calendar shows of a slot calls this in the same transaction.
create or replace function published_touch(in_conference uuid, in_slots uuid[]) returns void
language sql as $$
	update published set revision = revision + 1,
		revised = greatest(date_trunc('second', plenum_now(in_conference)), revised + interval '1 second')
	where conference = in_conference and slot = any (in_slots)
$$;

-- What of a conference is in each of its events: the place, and the address that links lead to.
create or replace function feed_conference_changed() returns trigger
language plpgsql as $$
begin
	perform published_touch(new.id, array(select slot from published where conference = new.id));
	return null;
end $$;
create or replace trigger feed_conference_changed after update on conference
for each row when ((old.venue, old.zone, old.slug, old.is_default, old.info -> 'geo')
	is distinct from (new.venue, new.zone, new.slug, new.is_default, new.info -> 'geo'))
execute function feed_conference_changed();

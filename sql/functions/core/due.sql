-- Work that falls due, one row at a time: due_<kind>(conference, subject) tells and cleans (architecture §2).

-- Claims one row and does it in this transaction. False: nothing is due. The row goes first, so that the work may make it anew. What
-- fails is tried again in a minute, and said in the server's log: a job that cannot work must not stop the others.
create or replace function due_run() returns boolean
language plpgsql as $$
declare
	claimed due;
begin
	-- Those that are more than a statement are claimed by C.
	select * into claimed from due where kind not in ('clean', 'bundle', 'files') and at <= now()
	order by at limit 1 for update skip locked;
	if not found then
		return false;
	end if;
	delete from due where kind = claimed.kind and subject = claimed.subject and conference is not distinct from claimed.conference;
	begin
		execute format('select %I($1, $2)', 'due_' || claimed.kind) using claimed.conference, claimed.subject;
	exception when others then
		raise warning 'due_% of %: %', claimed.kind, claimed.subject, sqlerrm;
		insert into due (conference, kind, subject, at)
		values (claimed.conference, claimed.kind, claimed.subject, now() + interval '1 minute')
		on conflict on constraint due_once do nothing;
	end;
	return true;
end $$;

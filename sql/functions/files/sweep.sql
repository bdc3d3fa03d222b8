-- What no row needs any more leaves the disk. Claimed by a gateway with a files_dir (services/files/sweep.c): SQL cannot do it.

-- Ends what was left lying; names up to fifty whose bytes may go. Null: not due.
create or replace function file_sweep() returns table (file uuid)
language plpgsql as $$
begin
	perform from due where conference is null and kind = 'files' and at <= now() for update skip locked;
	if not found then
		return;
	end if;
	-- For us alone for a minute; files_swept() says when it is over.
	update due set at = now() + interval '1 minute' where conference is null and kind = 'files';
	delete from file f where f.id in (select x.id from file x where x.state <> 'ready' and x.touched < now() - interval '24 hours'
		limit 50 for update skip locked);
	return query select w.file from file_waste w order by w.file limit 50;
end $$;

create or replace function file_swept(in_files uuid[]) returns boolean
language plpgsql as $$
begin
	delete from file_waste w where w.file = any(in_files);
	update due set at = case when exists (select from file_waste) then now() else now() + interval '10 minutes' end
	where conference is null and kind = 'files';
	return true;
end $$;

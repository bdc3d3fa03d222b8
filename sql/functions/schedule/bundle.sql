-- The static bundle: what any web host can serve when all else fails. Written by a gateway with a bundle_dir (gateway/bundle.c), which
-- claims the row itself.

create or replace function bundle_wanted() returns trigger
language plpgsql as $$
begin
	insert into due (conference, kind, at) values (new.conference, 'bundle', now())
	on conflict on constraint due_once do update set at = excluded.at;
	return null;
end $$;
create or replace trigger release_bundle after insert on release for each row execute function bundle_wanted();

-- When a registration was cancelled: real time, as of its beginning.

alter table registration add column cancelled timestamptz;

-- Those of before: as the trail says, or else when the row was changed last.
update registration r set cancelled = coalesce((select max(a.at) from audit a
	where a.conference = r.conference and a.action = 'registration.cancel' and a.subject = r.person::text), r.changed)
where r.state = 'cancelled';

-- Whoever writes the state, from here or from there, need not think of it.
create function registration_stamp() returns trigger
language plpgsql as $$
begin
	new.cancelled := case when new.state = 'cancelled' then coalesce(new.cancelled, now()) end;
	return new;
end $$;

create trigger registration_stamp before insert or update of state on registration
	for each row execute function registration_stamp();

alter table registration add constraint registration_cancelled check ((state = 'cancelled') = (cancelled is not null));

-- Who writes to the outbox without saying what for has it in `dedupe`: "sign_in:…". Only what somebody stands and waits for goes first: that
-- somebody signed in with their entry code is told behind it.
create or replace function outbox_filed() returns trigger language plpgsql as $$
begin
	if new.kind = '' then
		new.kind := split_part(new.dedupe, ':', 1);
		new.lane := case when new.kind in ('sign_in', 'code') then 'sign_in' when new.kind = 'welcome' then 'bulk' else 'notice' end;
	end if;
	if new.person is null then
		new.person := (select p.id from person p where p.conference = new.conference and p.email = new.recipient);
	end if;
	return new;
end $$;

-- What stays of somebody who is erased: that a ticket was let in, and that a scan was made, without whose.

alter table admission alter column person drop not null;

-- Whoever scanned by hand was erased: that somebody did is still known.
alter table scan
	add column staff_erased boolean not null default false,
	drop constraint scan_who,
	add constraint scan_who check (station is not null or staff is not null or staff_erased);

-- As in 0013, but a name may be taken out of what people have voted on.
create or replace function poll_guard() returns trigger language plpgsql as $$
begin
	if current_setting('plenum.erasing', true) = 'on' then
		return new;
	end if;
	if new.results <> old.results and old.state <> 'draft' then
		raise exception using errcode = 'check_violation', constraint = 'poll_results_fixed', message = 'the results of a poll that was opened';
	end if;
	if (new.question, new.kind, new.option_ids, new.option_texts, new.talk)
		is distinct from (old.question, old.kind, old.option_ids, old.option_texts, old.talk)
		and exists (select from poll_vote v where v.poll = old.id)
	then
		raise exception using errcode = 'check_violation', constraint = 'poll_locked', message = 'a poll that has votes';
	end if;
	return new;
end $$;

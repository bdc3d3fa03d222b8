-- Mail on its way to a relay: what may go now, and what becomes of it.

-- All workers count together: whoever takes mail holds the relay's row. `rate` a minute, over any 61 seconds; `reserve` of it is kept for
-- people who wait for a code. A code that has run out helps nobody: it must not stand before those that still may.
create or replace function mail_claim(in_relay text, rate int, reserve int, most int, for_rest int)
returns table (id uuid, recipient text, subject text, body text, title text, slots boolean, itip text, again boolean)
language plpgsql as $$
#variable_conflict use_column
declare
	held mail_relay;
	used int;
	picked uuid[];
	others uuid[];
begin
	-- Asked every second by every worker: nothing waits, nothing is written.
	if not exists (select from outbox o where o.sent is null and o.bounced is null and o.next_try <= now() and (o.lease is null or o.lease < now())) then
		return;
	end if;
	insert into mail_relay (relay) values (in_relay) on conflict on constraint mail_relay_key do nothing;
	select * into held from mail_relay r where r.relay = in_relay for no key update;
	if held.hold > clock_timestamp() then
		return;
	end if;
	update outbox o set bounced = now(), lease = null, body = '', fault = 'the code had run out before a relay took it'
	where o.kind = 'sign_in' and o.sent is null and o.bounced is null and o.created < now() - interval '10 minutes'
		and (o.lease is null or o.lease < now());
	delete from mail_pass p where p.relay = in_relay and p.at < clock_timestamp() - interval '61 seconds';
	select count(*) into used from mail_pass p where p.relay = in_relay;

	picked := array(select o.id from outbox o
		where o.lane = 'sign_in' and o.sent is null and o.bounced is null and o.next_try <= now() and (o.lease is null or o.lease < now())
		order by o.created limit greatest(0, least(most, rate - used)) for update skip locked);
	others := array(select o.id from outbox o
		where o.lane > 'sign_in' and o.sent is null and o.bounced is null and o.next_try <= now() and (o.lease is null or o.lease < now())
		order by o.lane, o.created
		limit greatest(0, least(most - cardinality(picked), for_rest, rate - reserve - used - cardinality(picked))) for update skip locked);
	insert into mail_pass (relay, at, lane)
	select in_relay, clock_timestamp(), o.lane from outbox o where o.id = any (picked || others);
	return query
		with before as materialized (select o.id, o.unsure from outbox o where o.id = any (picked || others))
		update outbox o set lease = clock_timestamp() + interval '3 minutes', tries = o.tries + 1, unsure = true
		from before b, conference c
		where o.id = b.id and c.id = o.conference
		returning o.id, o.recipient, o.subject, o.body, c.title, cardinality(o.slots) > 0, o.itip, b.unsure;
end $$;

-- How long until it is tried again: codes within their ten minutes, the rest up to an hour apart.
create or replace function mail_pause(in_lane mail_lane, tries int) returns interval
language sql immutable as $$
	select case when in_lane = 'sign_in' then least(interval '1 minute', interval '5 seconds' * 2 ^ least(tries - 1, 8))
		else least(interval '1 hour', interval '30 seconds' * 2 ^ least(tries - 1, 12)) end
$$;

-- `again`: it had perhaps arrived before this try, so that stays true whatever this one says. After three days it is given up.
create or replace function mail_ended(in_relay text, in_mail uuid, outcome text, again boolean, said text) returns void
language plpgsql as $$
declare
	m outbox;
	lost boolean;
begin
	select * into m from outbox o where o.id = in_mail and o.sent is null and o.bounced is null for update;
	if not found then
		return;
	end if;
	if outcome = 'sent' then
		update outbox set sent = now(), lease = null, unsure = false, fault = null,
			body = case when kept then mail_codeless(body) else '' end where id = in_mail;
		update mail_relay set took_at = now(), hold = null where relay = in_relay;
		return;
	end if;
	if outcome = 'relay' then
		-- The relay is the trouble: all mail waits, and this try does not count.
		update mail_relay set fault = left(said, 300), fault_at = now(),
			hold = now() + case when fault_at > now() - interval '1 minute' then interval '15 seconds' else interval '5 seconds' end
		where relay = in_relay;
		update outbox set lease = null, tries = tries - 1, unsure = again, fault = left(said, 300), next_try = now() + interval '5 seconds'
		where id = in_mail;
		return;
	end if;
	lost := outcome = 'refused' or m.created < now() - interval '3 days';
	update outbox set lease = null, unsure = again or outcome = 'unsure', fault = left(coalesce(said, 'no answer'), 300),
		next_try = now() + mail_pause(m.lane, m.tries), bounced = case when lost then now() end,
		-- Somebody may mend the address and have it sent again; but a code to sign in will have run out.
		body = case when lost and kind = 'sign_in' then '' else body end
	where id = in_mail;
end $$;

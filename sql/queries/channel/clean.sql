-- One slice of what has had its seven days, when due: events, replies, tickets, sign-ins, pairings, sent mail.
with claimed as (
	select from due where conference is null and kind = 'clean' and at <= now() for update skip locked
), events as (
	delete from channel_event where ctid in (
		select e.ctid from channel_event e, claimed where e.at < now() - interval '7 days' limit 5000)
), replies as (
	delete from reply where ctid in (
		select r.ctid from reply r, claimed where r.at < now() - interval '7 days' limit 5000)
), tickets as (
	delete from ticket using claimed where expires < now() - interval '1 hour'
), sign_ins as (
	delete from sign_in using claimed where expires < now() - interval '1 day'
), pairings as (
	delete from pairing using claimed where expires < now() - interval '1 day' and station is null
), tries as (
	delete from sign_in_try using claimed where at < now() - interval '1 day'
), mails as (
	delete from outbox using claimed where not kept and coalesce(sent, bounced) < now() - interval '7 days'
)
update due set at = now() + interval '1 minute' from claimed where conference is null and kind = 'clean'

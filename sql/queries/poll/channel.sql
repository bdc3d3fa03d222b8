-- Channel poll:<id>: the poll; its counts are the ticks. $2 poll.
select channel_head($1::uuid, 'poll:' || p.id) as head, json_build_object('poll', poll_public(p)) as snapshot, poll_counts(p) as tally
from poll p
where p.conference = $1::uuid and p.id = $2::uuid and p.state <> 'draft'

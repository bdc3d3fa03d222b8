-- Snapshot of the channel `now`.
select channel_head(k.id, 'now') as head, now_document(k.id) as snapshot, null::json as tally
from conference k where k.id = $1::uuid and ($2::uuid is null or true)

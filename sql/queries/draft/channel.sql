-- Snapshot of the channel `draft`: the result of draft.get.
select channel_head(k.id, 'draft') as head, draft_document(k.id) as snapshot, null::json as tally
from conference k where k.id = $1::uuid and ($2::uuid is null or true)

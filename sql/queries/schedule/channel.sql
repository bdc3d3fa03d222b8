-- Snapshot of the channel `schedule`: where the document for its head is.
select channel_head(k.id, 'schedule') as head, json_build_object('position', channel_head(k.id, 'schedule'),
	'snapshot_url', '/e/' || k.slug || '/schedule/' || channel_head(k.id, 'schedule') || '.json') as snapshot,
	null::json as tally
from conference k where k.id = $1::uuid and ($2::uuid is null or true)

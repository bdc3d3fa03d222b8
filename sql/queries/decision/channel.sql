-- Snapshot of the channel `selection`: how often decisions were applied. The board itself is decision.board.
select channel_head(k.id, 'selection') as head, json_build_object('round', coalesce((select s.round from selection s where s.conference = k.id), 0))
	as snapshot, null::json as tally
from conference k where k.id = $1::uuid and ($2::uuid is null or true)

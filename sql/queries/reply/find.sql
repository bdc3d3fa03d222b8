-- The stored outcome of a keyed write (architecture §4, Replay).
select encode(body_hash, 'hex') as body_hash, body as reply
from reply where conference = $1::uuid and person = $2::uuid and key = $3::uuid

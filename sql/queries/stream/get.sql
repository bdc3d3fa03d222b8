-- stream.get: a room's entries with all their addresses. $3 room.
select stream_document($1::uuid, r.id, true) as reply
from room r where r.conference = $1::uuid and r.id = $3::uuid and ($2::uuid is null or true)

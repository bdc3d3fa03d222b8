-- Channel board:<session>: what who speaks there sees. $2 session.
select channel_head($1::uuid, 'board:' || s.id) as head, board_document($1::uuid, s.id, false) as snapshot, null::json as tally
from session s where s.conference = $1::uuid and s.id = $2::uuid

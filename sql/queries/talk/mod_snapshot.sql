-- Channel board:<session>:mod: all of it. $2 session.
select channel_head($1::uuid, 'board:' || s.id || ':mod') as head, board_document($1::uuid, s.id, true) as snapshot, null::json as tally
from session s where s.conference = $1::uuid and s.id = $2::uuid

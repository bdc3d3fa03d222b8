-- talk.mine: one's own talks.
select board_mine($1::uuid, $2::uuid)::text as reply

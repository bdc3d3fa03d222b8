-- mic.mine: one's own place, and the link while it is one's turn. $3 session.
select mic_mine($1::uuid, $2::uuid, $3::uuid) as reply where exists (select from session s where s.conference = $1::uuid and s.id = $3::uuid)

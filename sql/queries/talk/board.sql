-- talk.board: all of it to those who run the session, their part to those who speak in it. $3 session.
select reply, fault from board_get($1::uuid, $2::uuid, $3::uuid)

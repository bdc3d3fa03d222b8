-- Who may hear a board: those who run the session and those who speak in it. $2 session, $3 who asks.
select 1 where qa_may($1::uuid, $3::uuid, $2::uuid) or backstage_speaks($2::uuid, $3::uuid)

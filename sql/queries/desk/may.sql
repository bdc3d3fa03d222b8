-- Who may hear what only those who run a session hear. $2 session, $3 who asks.
select 1 where qa_may($1::uuid, $3::uuid, $2::uuid)

-- backstage.send: a word to those who run a session. $5 its id, $6 session, $7 for whom, $8 text.
select reply, fault, current from backstage_send($1::uuid, $2::uuid, $5::uuid, $6::uuid, $7::text, $8::text)
where $3::uuid is null or $4::bytea is not null

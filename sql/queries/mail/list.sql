-- mail.list: the outbox. $1 conference, $2 actor, $3 state or null, $4 part of an address or null.
select mail_list($1::uuid, $3, $4) as reply where $2::uuid is null or true

-- mail.list: the outbox. $1 conference, $2 actor, $3 state or null, $4 part of an address or null, $5 a mail: those after it, or null.
select mail_list($1::uuid, $3, $4, $5::uuid) as reply
where ($2::uuid is null or true) and ($5::uuid is null or exists (select from outbox o where o.conference = $1::uuid and o.id = $5::uuid))

-- mail.bounce: a mail that a relay took came back later. $5 mail, $6 what was said.
select reply, fault, current from mail_again($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6)

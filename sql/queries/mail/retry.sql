-- mail.retry: a mail that came back, or waits, is tried at once. $5 mail.
select reply, fault, current from mail_again($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, null)

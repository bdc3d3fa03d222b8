-- Mail for a relay, for us alone for three minutes. $1 relay, $2 its rate a minute, $3 of that only for signing in, $4 how many at most, $5 of them for other mail.
select * from mail_claim($1, $2::int, $3::int, $4::int, $5::int)

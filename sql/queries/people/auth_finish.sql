-- auth.finish: one of five tries of a mailed code; the right one signs in. $1 request, $2 hash of request and code.
select login, conference, subject, expires, reply from sign_in_finish($1::uuid, $2::bytea) where login is not null

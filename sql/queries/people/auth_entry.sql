-- auth.entry: address and entry code. $1 slug, $2 e-mail, $3 lookup of the code.
select login, conference, subject, expires, reply, fault, retry_ms
from sign_in_entry(conference_by($1::text), $2::text, $3::bytea)

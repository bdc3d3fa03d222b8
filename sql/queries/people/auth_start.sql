-- auth.start: mails a sign-in code if the address is on file. $1 slug, $2 e-mail, $3 request, $4 code, $5 its hash.
select json_build_object('request', s) as reply
from sign_in_start(conference_by($1::text), $2::text, $3::uuid, $4::text, $5::bytea) s
where s is not null

-- auth.start: mails a sign-in code if the address is on file, or may join. $1 slug, $2 e-mail, $3 request, $4 code, $5 its hash, $6 name, $7 language.
select json_build_object('request', s) as reply
from sign_in_start(conference_by($1::text), $2::text, $3::uuid, $4::text, $5::bytea, $6::text, $7::text) s
where s is not null

-- auth.device: a device asks to be paired. $1 slug, $2 kind, $3 hash of its code, $4 the code staff type.
insert into pairing (conference, kind, device_hash, user_code, expires)
select c.id, $2::text, $3::bytea, $4::text, now() + interval '10 minutes'
from conference c where c.id = conference_by($1::text)
returning id

-- conference.get: what the form shows.
select json_build_object('conference', conference_form(k)) as reply
from conference k where k.id = $1::uuid and ($2::uuid is null or true)

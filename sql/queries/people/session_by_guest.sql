-- session.by_guest: what anybody may see of a conference. $1 slug.
select people_session(c.id, null, null, null, '{guest}', null) as reply
from conference c where c.id = conference_by($1::text)

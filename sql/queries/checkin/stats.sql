-- checkin.stats. $3 list; a kiosk asks for its own.
select list_stats($1::uuid, l.id) as reply
from checkin_list l
where l.conference = $1::uuid and l.id = $3::uuid
	and not exists (select from station s where s.id = $2::uuid and s.list <> l.id)

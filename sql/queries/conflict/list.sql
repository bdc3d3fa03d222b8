-- conflict.list: what is open, the oldest first, at most 200.
select json_build_object('conflicts', coalesce(json_agg(conflict_json(c.id) order by c.raised, c.id), '[]')) as reply
from (select id, raised from conflict where conference = $1::uuid and ($2::uuid is null or true) and settled is null
	order by raised, id limit 200) c

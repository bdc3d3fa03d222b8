-- segment.list: conditions, whom they mean now, what was sent. $1 conference, $2 actor.
select json_build_object('segments', coalesce(json_agg(segment_json(s) order by s.name), '[]')) as reply
from segment s where s.conference = $1::uuid and ($2::uuid is null or true)

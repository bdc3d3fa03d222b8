-- Channel door: that there is one. What tickets there are is GET /snapshot/<list>. $1 conference.
select channel_head(k.id, 'door') as head, json_build_object('as_of', iso(now())) as snapshot, null::json as tally
from conference k where k.id = $1::uuid and $2::uuid is null

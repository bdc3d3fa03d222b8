-- station:<id>: which device this is. $1 conference, $2 station.
select channel_head($1::uuid, 'station:' || id) as head, json_build_object('station', people_station(id)) as snapshot,
	null::json as tally
from station where conference = $1::uuid and id = $2::uuid and revoked is null

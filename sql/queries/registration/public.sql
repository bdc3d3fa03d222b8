-- registration.public: what anybody may know: whether one can register, and whether there is room.
select json_build_object('open', s.open, 'title', c.title, 'starts', c.starts, 'ends', c.ends, 'venue', c.venue, 'zone', c.zone,
	'left', json_build_object('on_site', registration_room(c.id, 'on_site'), 'online', registration_room(c.id, 'online'))) as reply
from conference c cross join lateral registration_settings(c.id) s where c.id = $1::uuid and ($2::uuid is null or true)

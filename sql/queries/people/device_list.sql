-- device.list: kiosks and screens, those sent away last.
select json_build_object('stations', coalesce(json_agg(json_build_object('id', id, 'name', name, 'kind', kind,
	'profile', profile, 'pin', pin_hash is not null, 'locked', pin_hash is not null and pin_tries >= 5, 'list', list, 'room', room, 'created', iso(created), 'revoked', iso(revoked))
	order by revoked is not null, name, created), '[]')) as reply
from station where conference = $1::uuid and ($2::uuid is null or true)

-- release.held: the newest release that nobody has been told of yet, because it can still be stopped.
select json_build_object('hold', (
	select json_build_object('release', h.number, 'until', iso(h.at),
		'left_ms', (extract(epoch from h.at - now()) * 1000)::int, 'people', news_release_count(k.id, h.number))
	from (select subject::int as number, at from due
		where conference = k.id and kind = 'news_release' and at > now()
		order by subject::int desc limit 1) h)) as reply
from conference k where k.id = $1::uuid and ($2::uuid is null or true)

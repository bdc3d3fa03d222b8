-- presence.get: one's own intervals, on the conference's clock.
select json_build_object(
	'intervals', coalesce((select json_agg(json_build_object('talk', p.talk, 'session', p.session, 'room', p.room, 'kind', p.kind,
			'from', iso(p.since), 'to', iso(p.until)) order by p.since, p.kind)
		from presence p where p.conference = $1::uuid and p.person = $2::uuid and p.since < p.until), '[]'),
	'consent', coalesce((select c.given from presence_consent c where c.person = $2::uuid), false),
	'notice', presence_notice()) as reply

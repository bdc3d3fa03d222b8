-- Channel talk:<id>:mod: every question of a talk as moderators see it. $2 talk.
select channel_head($1::uuid, 'talk:' || t.id || ':mod') as head,
	json_build_object('talk', t.id, 'session', t.session, 'window', to_json(w), 'settings', talk_settings_json(t.id),
		'questions', coalesce((
			select json_agg(question_mod(q, y.value) order by q.asked_at, q.id)
			from question q
			left join channel c on c.conference = q.conference and c.name = 'talk:' || q.talk
			left join tally y on y.channel = c.id and y.key = q.id::text
			where q.conference = $1::uuid and q.talk = t.id), '[]')) as snapshot,
	null::json as tally
from talk t cross join lateral talk_window($1::uuid, t.id) w
where t.conference = $1::uuid and t.id = $2::uuid

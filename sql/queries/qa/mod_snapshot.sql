-- Channel talk:<id>:mod: every question of a talk as moderators see it. $2 talk.
select channel_head($1::uuid, 'talk:' || t.id || ':mod') as head,
	json_build_object('talk', t.id, 'window', json_build_object('ask', w.ask, 'vote', w.vote),
		'ask_window', t.ask_window, 'vote_window', t.vote_window,
		'questions', coalesce((
			select json_agg(question_mod(q, y.value, p.name) order by q.asked_at, q.id)
			from question q
			join person p on p.id = q.person
			left join channel c on c.conference = q.conference and c.name = 'talk:' || q.talk
			left join tally y on y.channel = c.id and y.key = q.id::text
			where q.conference = $1::uuid and q.talk = t.id), '[]')) as snapshot,
	null::json as tally
from talk t cross join lateral talk_window($1::uuid, t.id) w
where t.conference = $1::uuid and t.id = $2::uuid

-- qa.list: what attendees see of a talk's questions, with one's own marked. $3 talk.
select json_build_object('talk', t.id, 'window', json_build_object('ask', w.ask, 'vote', w.vote),
	'poll', poll_shown($1::uuid, t.id),
	'questions', coalesce((
		select json_agg(json_build_object('id', q.id, 'talk', q.talk, 'text', q.text, 'state', q.state,
			'version', q.version, 'votes', coalesce(y.value, 0), 'asked_at', iso(q.asked_at),
			'mine', q.person is not distinct from $2::uuid, 'my_vote', coalesce(v.value, 0))
			order by coalesce(y.value, 0) desc, q.first_visible_at, q.id)
		from question q
		left join channel c on c.conference = q.conference and c.name = 'talk:' || q.talk
		left join tally y on y.channel = c.id and y.key = q.id::text
		left join vote v on v.question = q.id and v.person = $2::uuid
		where q.conference = $1::uuid and q.talk = t.id and question_visible(q.state)), '[]')) as reply
from talk t cross join lateral talk_window($1::uuid, t.id) w
where t.conference = $1::uuid and t.id = $3::uuid

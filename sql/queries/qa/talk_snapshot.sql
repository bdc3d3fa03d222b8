-- Channel talk:<id>: what attendees see of its questions, and the votes. $2 talk.
with seen as (
	select q, coalesce(y.value, 0) as votes
	from question q
	left join channel c on c.conference = q.conference and c.name = 'talk:' || q.talk
	left join tally y on y.channel = c.id and y.key = q.id::text
	where q.conference = $1::uuid and q.talk = $2::uuid and question_visible(q.state)
)
select channel_head($1::uuid, 'talk:' || t.id) as head,
	json_build_object('talk', t.id, 'window', json_build_object('ask', w.ask, 'vote', w.vote),
		'poll', poll_shown($1::uuid, t.id),
		'questions', coalesce((select json_agg(question_public(s.q, s.votes)
			order by s.votes desc, (s.q).first_visible_at, (s.q).id) from seen s), '[]')) as snapshot,
	coalesce((select json_agg(json_build_array((s.q).id, s.votes) order by (s.q).id) from seen s), '[]') as tally
from talk t cross join lateral talk_window($1::uuid, t.id) w
where t.conference = $1::uuid and t.id = $2::uuid

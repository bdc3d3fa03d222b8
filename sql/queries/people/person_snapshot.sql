-- person:<id>: one's own questions and votes. $1 conference, $2 person.
select channel_head($1::uuid, 'person:' || p.id) as head,
	json_build_object(
		'questions', coalesce((select json_agg(question_own(q, question_votes(q.conference, q.talk, q.id))
			order by q.asked_at, q.id) from question q where q.conference = $1::uuid and q.person = p.id), '[]'),
		'votes', coalesce((select json_agg(json_build_array(v.question, v.value) order by v.seq)
			from vote v where v.person = p.id), '[]'),
		'seq', coalesce((select max(v.seq) from vote v where v.person = p.id), 0)) as snapshot,
	null::json as tally
from person p where p.conference = $1::uuid and p.id = $2::uuid

-- person:<id>: one's own questions, votes, stars and news, whether one speaks, and what one was told as a speaker and has not read. $1 conference, $2 person.
select channel_head($1::uuid, 'person:' || p.id) as head,
	json_build_object(
		'mode', p.mode,
		'questions', coalesce((select json_agg(question_own(q, question_votes(q.conference, q.talk, q.id))
			order by q.asked_at, q.id) from questions_of($1::uuid, p.id) q), '[]'),
		'votes', coalesce((select json_agg(json_build_array(v.question, v.value) order by v.seq)
			from vote v where v.person = p.id), '[]'),
		'seq', coalesce((select max(v.seq) from vote v where v.person = p.id), 0),
		'stars', coalesce((select json_agg(s.session order by s.at, s.session) from star s where s.person = p.id), '[]'),
		'news', coalesce((select json_agg(news_json(n) order by n.at desc, n.id)
			from (select x.* from news x where x.person = p.id order by x.at desc, x.id limit 20) n), '[]'),
		'speaks', exists (select from speaker s join talk_speaker ts on ts.speaker = s.id where s.person = p.id),
		'standby', exists (select from abstract a left join abstract_author u on u.abstract = a.id and u.presents and u.email = p.email
			where a.conference = p.conference and a.outcome = 'standby' and (a.person = p.id or u.id is not null)),
		'backstage', backstage_unread(p.conference, p.id)) as snapshot,
	null::json as tally
from person p where p.conference = $1::uuid and p.id = $2::uuid

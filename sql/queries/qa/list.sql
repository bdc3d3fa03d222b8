-- qa.list: what attendees see of a talk's questions, with one's own marked. $3 talk. No state can be asked for.
with s as materialized (
	select t.id, t.session, w as holds, e.identity, e.moderated
	from talk t cross join lateral talk_window($1::uuid, t.id) w cross join lateral qa_settings_of($1::uuid, t.session) e
	where t.conference = $1::uuid and t.id = $3::uuid
), me as materialized (
	select qa_pseudonym(s.session, $2::uuid) as pseudonym from s
), seen as (
	select q, coalesce(y.value, 0) as votes, coalesce(v.value, 0) as my_vote
	from s join question q on q.conference = $1::uuid and q.talk = s.id and question_visible(q) and (s.holds).show
		left join channel c on c.conference = q.conference and c.name = 'talk:' || q.talk
		left join tally y on y.channel = c.id and y.key = q.id::text
		left join vote v on v.question = q.id and v.person = $2::uuid
)
select json_build_object('talk', s.id, 'window', to_json(s.holds), 'identity', s.identity, 'moderated', s.moderated, 'poll', poll_shown($1::uuid, s.id),
	'questions', coalesce((select json_agg(json_plus(question_public(x.q, x.votes), json_build_object(
			'mine', coalesce((x.q).person = $2::uuid or (x.q).pseudonym = (select m.pseudonym from me m), false), 'my_vote', x.my_vote))
		order by ((x.q).state = 'on_stage') desc, ((x.q).skipped is not null), x.votes desc, (x.q).first_visible_at, (x.q).id)
		from seen x), '[]')) as reply
from s

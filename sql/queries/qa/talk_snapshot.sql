-- Channel talk:<id>: what attendees see of its questions, and the votes. $2 talk.
with s as materialized (
	select t.id, w as holds, e.identity, e.moderated
	from talk t cross join lateral talk_window($1::uuid, t.id) w cross join lateral qa_settings_of($1::uuid, t.session) e
	where t.conference = $1::uuid and t.id = $2::uuid
), seen as (
	select q, coalesce(y.value, 0) as votes
	from s join question q on q.conference = $1::uuid and q.talk = s.id and question_visible(q) and (s.holds).show
		left join channel c on c.conference = q.conference and c.name = 'talk:' || q.talk
		left join tally y on y.channel = c.id and y.key = q.id::text
)
select channel_head($1::uuid, 'talk:' || s.id) as head,
	json_build_object('talk', s.id, 'window', to_json(s.holds), 'identity', s.identity, 'moderated', s.moderated,
		'poll', poll_shown($1::uuid, s.id), 'questions', coalesce((select json_agg(question_public(x.q, x.votes)
			order by ((x.q).state = 'on_stage') desc, ((x.q).skipped is not null), x.votes desc, (x.q).first_visible_at, (x.q).id)
			from seen x), '[]')) as snapshot,
	coalesce((select json_agg(json_build_array((x.q).id, x.votes) order by (x.q).id) from seen x), '[]') as tally
from s

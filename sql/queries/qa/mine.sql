-- qa.mine: one's own questions, the newest first, with how many are ahead of those that wait. $3 talk or null.
select json_build_object('questions', coalesce((
	select json_agg(case when question_own_state(q) = 'pending' then json_plus(x.own, (select to_json(a) from question_ahead(q) a))
		else x.own end order by q.created desc, q.id)
	from (select * from questions_of($1::uuid, $2::uuid) q where $3::uuid is null or q.talk = $3::uuid
			order by q.created desc limit 100) q
		cross join lateral (select question_own(q::question, question_votes($1::uuid, q.talk, q.id)) as own) x), '[]')) as reply

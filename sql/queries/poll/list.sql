-- poll.list: a talk's polls, or a session's, the newest first. Who runs them sees drafts and counts; others what was opened, with what they
-- chose themselves, and counts as far as they may know them. $3 talk, $4 session.
with of_talk as (
	select t.id, t.ord, poll_may($1::uuid, $2::uuid, t.id) as may from talk t
	where t.conference = $1::uuid and ($3::uuid is null or t.id = $3::uuid) and ($4::uuid is null or t.session = $4::uuid)
		and num_nonnulls($3::uuid, $4::uuid) > 0
)
select json_build_object('may_run', bool_and(t.may), 'polls', coalesce(json_agg(
	case when t.may then poll_mod(p)::jsonb else poll_public(p)::jsonb || case
		when poll_may_hear($1::uuid, p.id, $2::uuid) then jsonb_build_object('counts', poll_counts(p)) else '{}' end end
	|| case when v.poll is null then '{}' else jsonb_build_object('mine', jsonb_build_object('options', to_json(v.options), 'seq', v.seq)) end
	order by t.ord, p.nth desc) filter (where p.id is not null and (t.may or p.state <> 'draft')), '[]')) as reply
from of_talk t left join poll p on p.talk = t.id and p.conference = $1::uuid
	left join poll_vote v on v.poll = p.id and v.person = $2::uuid
having count(t.id) > 0

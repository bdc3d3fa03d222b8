-- qa.window: what a moderator sets over the programme's own window. $5 talk, $6 ask, $7 vote; null leaves it.
with changed as (
	update talk set ask_window = coalesce($6::text, ask_window), vote_window = coalesce($7::text, vote_window)
	where conference = $1::uuid and id = $5::uuid
	returning id, session, ask_window, vote_window
), logged as (
	insert into audit (conference, actor, action, subject, detail)
	select $1::uuid, $2::uuid, 'qa.window', c.id::text, jsonb_build_object('ask', c.ask_window, 'vote', c.vote_window)
	from changed c
), now_open as (
	select c.*, json_build_object('ask', window_open(c.ask_window, a.open), 'vote', window_open(c.vote_window, a.open)) as w
	from changed c cross join lateral session_open($1::uuid, c.session) a
), told as (
	select o.id, o.w, json_build_object('talk', o.id, 'window', o.w, 'ask_window', o.ask_window,
		'vote_window', o.vote_window) as data
	from now_open o
)
select write_done($1::uuid, $2::uuid, $3::uuid, $4::bytea, json_build_object('talk', t.id, 'window', t.w),
	array[row('talk:' || t.id, 'window.changed', t.data)::ev,
		row('talk:' || t.id || ':mod', 'window.changed', t.data)::ev]) as reply
from told t

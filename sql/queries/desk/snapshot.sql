-- Channel desk:<session>: who is at the desk and what waits there. $2 session.
select channel_head($1::uuid, 'desk:' || s.id) as head,
	(desk_shown(s.id)::jsonb || jsonb_build_object('title', s.title,
		'talks', coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'title', t.title, 'started', iso(t.started), 'ended', iso(t.ended))
			order by t.ord) from talk t where t.session = s.id), '[]'),
		'moderators', desk_moderators(s.id), 'waiting', desk_waiting_shown($1::uuid, s.id),
		'messages', backstage_list(s.id, false), 'chairs', chair_list(s.id), 'settings', qa_settings_json($1::uuid, s.id),
		'mic', mic_snapshot($1::uuid, s.id), 'fairness', fairness($1::uuid, s.id)))::json as snapshot,
	null::json as tally
from session s where s.conference = $1::uuid and s.id = $2::uuid

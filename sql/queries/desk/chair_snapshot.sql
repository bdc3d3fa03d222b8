-- Channel chair:<session>: what a chair's phone shows beside the stage. $2 session.
select channel_head($1::uuid, 'chair:' || s.id) as head,
	(mic_next($1::uuid, s.id)::jsonb || jsonb_build_object('session', s.id, 'title', s.title,
		'talks', coalesce((select json_agg(json_build_object('id', t.id, 'title', t.title, 'started', iso(t.started), 'ended', iso(t.ended))
			order by t.ord) from talk t where t.session = s.id), '[]'),
		'slot', (select json_build_object('id', p.slot, 'room', p.room, 'start', iso(lower(p.during)), 'end', iso(upper(p.during)),
				'started', iso(p.started), 'ended', iso(p.ended), 'expected_start', iso(x.starts), 'expected_end', iso(x.ends))
			from talk_slot($1::uuid, s.id, plenum_now($1::uuid)) l join published p on p.slot = l.slot
				left join expected x on x.slot = p.slot),
		'time', iso(plenum_now($1::uuid)), 'messages', backstage_list(s.id, true)))::json as snapshot,
	null::json as tally
from session s where s.conference = $1::uuid and s.id = $2::uuid

-- One's own calendars, the newest first; those switched off for 30 days more. version: the release they would show now.
select json_build_object('feeds', coalesce(json_agg(json_strip_nulls(json_build_object('id', id, 'label', label, 'scope', scope,
	'of', subject, 'alarm', alarm, 'cancelled', cancelled, 'time', time, 'place', place, 'created', iso(created),
	'revoked', iso(revoked)))::jsonb
	|| jsonb_build_object('fetched', case when fetched is not null then jsonb_build_object('at', iso(fetched), 'agent', fetched_agent,
			'version', fetched_version) end,
		'version', coalesce((select max(number) from release where conference = $1::uuid), 0)) order by created desc, id), '[]'))
	as reply
from feed
where person = $2::uuid and (revoked is null or revoked > now() - interval '30 days')

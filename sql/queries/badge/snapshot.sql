-- Channel badge: how many jobs stand where, and the printers.
select channel_head($1::uuid, 'badge') as head, json_build_object('counts', badge_counts($1::uuid),
	'printers', (select coalesce(json_agg(badge_printer_json(p) order by p.name), '[]') from badge_printer p where p.conference = $1::uuid))
	as snapshot, null::json as tally
where $2::uuid is null

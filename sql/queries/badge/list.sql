-- badge.list: jobs, the newest first, with printers, batches and settings. $3 state, $4 part of a name, $5 how many to pass over.
with found as (
	select j.id, j.at, count(*) over () as total from print_job j join person p on p.id = j.person
	where j.conference = $1::uuid and $2::uuid is not null and ($3::text is null or j.state = $3)
		and ($4::text is null or strpos(people_fold(p.name), people_fold($4)) > 0)
	order by j.at desc, j.box, j.number, j.id limit 100 offset $5::int
)
select json_build_object(
	'jobs', (select coalesce(json_agg(badge_job(j) order by j.at desc, j.box, j.number, j.id), '[]')
		from print_job j where j.id in (select id from found)),
	'total', (select coalesce(max(total), 0) from found),
	'counts', badge_counts($1::uuid),
	'printers', (select coalesce(json_agg(badge_printer_json(p) order by p.name), '[]') from badge_printer p where p.conference = $1::uuid),
	'batches', (select coalesce(json_agg(badge_batch_json(b) order by b.n), '[]') from badge_batch b where b.conference = $1::uuid),
	'stations', (select coalesce(json_agg(json_strip_nulls(json_build_object('id', s.id, 'name', s.name, 'printer', s.printer)) order by s.name, s.id), '[]')
		from station s where s.conference = $1::uuid and s.kind = 'kiosk' and s.revoked is null),
	'setting', (select json_strip_nulls(json_build_object('template', s.template, 'per_box', s.per_box, 'auto', s.auto, 'printer', s.printer))
		from badge_settings($1::uuid) s)) as reply

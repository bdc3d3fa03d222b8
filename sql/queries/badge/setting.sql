-- badge.setting: what badges are by default. $5 template, $6 how many in a box, $7 whether a door prints by itself, $8 printer, "" for any.
with set as (
	insert into badge_setting as s (conference, template, per_box, auto, printer)
	values ($1::uuid, coalesce($5::text, 'card'), coalesce($6::int, 100), coalesce($7::boolean, false), nullif($8::text, ''))
	on conflict on constraint badge_setting_once do update set template = coalesce($5::text, s.template),
		per_box = coalesce($6::int, s.per_box), auto = coalesce($7::boolean, s.auto),
		printer = case when $8::text is null then s.printer else nullif($8::text, '') end
	returning template, per_box, auto, printer
)
select write_done($1, $2, $3, $4, json_strip_nulls(json_build_object('template', template, 'per_box', per_box, 'auto', auto, 'printer', printer)),
	'{}') as reply from set

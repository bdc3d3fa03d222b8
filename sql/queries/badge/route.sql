-- badge.route: which printer prints for a station. $5 station, $6 printer, "" for the conference's.
with set as (
	update station set printer = nullif($6::text, '')
	where conference = $1::uuid and id = $5::uuid and kind = 'kiosk' and revoked is null returning id, printer
)
select write_done($1, $2, $3, $4, json_strip_nulls(json_build_object('station', id, 'printer', printer)), '{}') as reply from set

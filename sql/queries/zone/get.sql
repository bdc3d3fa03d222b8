-- Offsets of a zone: $3 zone, $4 from, $5 to (null: the programme's span and two days around it, or a year).
select json_build_object('zone', $3::text, 'offsets', zone_offsets($3::text, x.starts, least(x.ends, x.starts + interval '5 years'))) as reply
from conference k
	cross join lateral (select min(lower(p.during)) as first, max(upper(p.during)) as last from published p where p.conference = k.id) s
	cross join lateral (select coalesce($4::timestamptz, least(s.first, k.starts::timestamptz) - interval '2 days') as starts,
		coalesce($5::timestamptz, greatest(s.last, (k.ends + 1)::timestamptz) + interval '2 days') as ends) x
where k.id = $1::uuid and ($2::uuid is null or true) and zone_known($3::text) and x.starts <= x.ends

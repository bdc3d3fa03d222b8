-- The last 50 releases for releases.atom, the newest first; one row without a release when there is none. changes: one line each, with
-- times in the conference's zone. Two code points that are no XML characters are left out.
select k.id as conference, k.slug, translate(k.title, chr(65534) || chr(65535), '') as title, to_char(k.created at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created,
	extract(epoch from k.created)::bigint as created_s, r.number, translate(r.note, chr(65534) || chr(65535), '') as note, r.reverts, extract(epoch from r.at)::bigint as at_s,
	to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, (
		select translate(string_agg(format('%s: %s (%s, %s)', x ->> 'change', s ->> 'title', s ->> 'room_name',
			to_char((s ->> 'start')::timestamptz at time zone k.zone, 'YYYY-MM-DD HH24:MI')), e'\n' order by i), chr(65534) || chr(65535), '')
		from jsonb_array_elements(r.diff) with ordinality as u(x, i)
			cross join lateral (select coalesce(nullif(x -> 'after', 'null'), x -> 'before') as s) side
		where i <= 200) as changes,
	greatest(jsonb_array_length(r.diff) - 200, 0) as more
from conference k
	left join lateral (select * from release r where r.conference = k.id order by number desc limit 50) r on true
where k.id = $1::uuid
order by r.number desc

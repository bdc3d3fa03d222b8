-- What the calendar shows: one row a published slot, with the conference on each; one row without a slot when there is none.
select k.slug, k.title as conference, k.venue, k.zone,
	extract(epoch from plenum_now(k.id))::bigint as time,
	extract(epoch from k.starts::timestamp at time zone k.zone)::bigint as opens,
	extract(epoch from (k.ends + 1)::timestamp at time zone k.zone)::bigint as closes,
	extract(epoch from k.created)::bigint as conference_created,
	coalesce((select extract(epoch from max(at))::bigint from release where conference = k.id), 0) as released,
	p.slot, p.revision, extract(epoch from p.revised)::bigint as revised, extract(epoch from p.created)::bigint as created,
	extract(epoch from lower(p.during))::bigint as starts, extract(epoch from upper(p.during))::bigint as ends,
	p.cancelled, c.title, c.subtitle, c.abstract, c.room, c.track ->> 'name' as track, c.url,
	(select string_agg(x ->> 'name', ', ' order by i) from jsonb_array_elements(c.speakers) with ordinality as u(x, i))
		as speakers
from conference k
	left join published p on p.conference = k.id
	left join lateral jsonb_to_record(p.content) as c(title text, subtitle text, abstract text, room text, track jsonb,
		url text, speakers jsonb) on true
where k.id = $1::uuid
order by lower(p.during), p.slot

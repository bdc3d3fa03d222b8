-- The published programme, a row a slot, for a page without scripts; one row without a slot when there is none. $1 conference.
with slots as (
	select p.slot, p.room as room_id, lower(p.during) as starts, p.content, r.name as room, r.ord,
		frab_day(lower(p.during), k.zone) as day,
		iso_local(lower(p.during) at time zone k.zone, k.zone, lower(p.during)) as start_text,
		iso_local(upper(p.during) at time zone k.zone, k.zone, upper(p.during)) as end_text
	from conference k join published p on p.conference = k.id join room r on r.id = p.room
	where k.id = $1::uuid and not p.cancelled
)
select k.slug, k.title as conference, k.subtitle as conference_subtitle, k.venue, k.zone,
	coalesce((select max(number) from release where conference = k.id), 0) as release,
	to_char(plenum_now(k.id) at time zone k.zone, 'YYYY-MM-DD HH24:MI') as as_of,
	-- The language of the conference, or else of most of its sessions.
	coalesce(k.info ->> 'language', (select s.content ->> 'language' from slots s
		group by 1 order by count(*) desc, 1 limit 1), 'en') as page_language,
	s.slot, s.day, to_char(s.day, 'ID DD MM YYYY') as day_parts, s.start_text, s.end_text,
	-- A day on which the clocks change needs the offset beside the time.
	min(right(s.start_text, 6)) over by_day <> max(right(s.end_text, 6)) over by_day as two_offsets,
	s.room_id, s.room, s.ord, s.content ->> 'title' as title, s.content ->> 'subtitle' as subtitle,
	s.content ->> 'abstract' as abstract, s.content ->> 'description' as description, s.content ->> 'language' as language,
	s.content #>> '{track,name}' as track,
	(select string_agg(x ->> 'name', ', ' order by i) from jsonb_array_elements(s.content -> 'speakers') with ordinality u(x, i))
		as speakers,
	case when jsonb_array_length(s.content -> 'talks') > 1 then (
		select string_agg((t ->> 'title') || coalesce(E'\t' || (select string_agg(x ->> 'name', ', ' order by j)
			from jsonb_array_elements(t -> 'speakers') with ordinality v(x, j)), ''), E'\n' order by i)
		from jsonb_array_elements(s.content -> 'talks') with ordinality u(t, i)) end as talks
from conference k left join slots s on true
where k.id = $1::uuid
window by_day as (partition by s.day)
order by s.day, s.starts, s.ord, s.room, s.slot

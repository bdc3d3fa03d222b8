-- What calendars and mails show of slots.

-- Everything of some slots. Instants are Unix seconds; wall: local time, null within a day of a change of the clocks: where it shows a
-- time twice RFC 5545 means the first and PostgreSQL the second, and hours before one clients get it wrong.
create or replace function feed_content(in_conference uuid, in_slots uuid[])
returns table (slot uuid, revision int, revised bigint, created bigint, starts bigint, ends bigint, wall_starts text, wall_ends text, all_day boolean,
	first_day text, after_day text, cancelled boolean, title text, subtitle text, abstract text, room text, track text, color text, url text,
	speakers text, links text, streams text)
language sql stable rows 500 as $$
with streams as materialized (
	select r.id as room, x.label, x.language, x.starts, x.ends
	from room r cross join lateral json_to_recordset(room_streams(r.conference, r.id) -> 'streams')
		as x(label text, language text, starts timestamptz, ends timestamptz)
	where r.conference = in_conference and r.id in (select room from published where slot = any (in_slots))
)
select p.slot, p.revision, extract(epoch from p.revised)::bigint as revised, extract(epoch from p.created)::bigint as created,
	extract(epoch from lower(p.during))::bigint as starts, extract(epoch from upper(p.during))::bigint as ends,
	case when w.once then to_char(w.starts, 'YYYYMMDD"T"HH24MISS') end as wall_starts,
	case when w.once then to_char(w.ends, 'YYYYMMDD"T"HH24MISS') end as wall_ends,
	w.starts::time = '00:00' and w.ends::time = '00:00' as all_day,
	to_char(w.starts, 'YYYYMMDD') as first_day, to_char(w.ends, 'YYYYMMDD') as after_day,
	p.cancelled, c.title, c.subtitle, coalesce(nullif(c.abstract, ''), c.description) as abstract, c.room,
	c.track ->> 'name' as track, c.track ->> 'color' as color, c.url,
	(select string_agg(x ->> 'name', ', ' order by i) from jsonb_array_elements(c.speakers) with ordinality as u(x, i)) as speakers,
	(select string_agg(x.title || chr(31) || x.url, chr(30) order by x.kind, x.i) from (
		select 0 as kind, 0 as i, 'Recording' as title, coalesce(c.extra -> 'recording' ->> 'url',
			c.extra -> 'recording' ->> 'link', c.extra ->> 'video_download_url') as url
		union all
		select 1, i, coalesce(nullif(a ->> 'title', ''), 'Slides'), a ->> 'url'
		from jsonb_array_elements(coalesce(nullif(c.extra -> 'attachments', 'null'), '[]')) with ordinality as u(a, i)
		union all
		select 2, i, coalesce(nullif(a ->> 'title', ''), 'Link'), a ->> 'url'
		from jsonb_array_elements(coalesce(nullif(c.extra -> 'links', 'null'), '[]')) with ordinality as u(a, i)
	) x where x.url <> '') as links,
	(select string_agg(coalesce(x.language, '') || chr(31) || coalesce(x.label, ''), chr(30) order by x.language, x.label) from (
		select distinct on (coalesce(s.language, '')) s.language, s.label from streams s
		where s.room = p.room and coalesce(s.starts < upper(p.during), true) and coalesce(s.ends > lower(p.during), true)
		order by coalesce(s.language, ''), s.label) x) as streams
from published p
	join conference k on k.id = p.conference
	cross join lateral (
		select lower(p.during) at time zone k.zone as starts, upper(p.during) at time zone k.zone as ends,
			not exists (
				select from unnest(array[lower(p.during), upper(p.during)]) at
				where (at + interval '1 day') at time zone k.zone - at at time zone k.zone <> interval '1 day'
					or at at time zone k.zone - (at - interval '1 day') at time zone k.zone <> interval '1 day') as once
	) w
	cross join lateral jsonb_to_record(p.content) as c(title text, subtitle text, abstract text, description text, room text, track jsonb,
		url text, speakers jsonb, extra jsonb)
where p.conference = in_conference and p.slot = any (in_slots)
$$;

-- The conference itself as one entry over its days, with the same columns: what who is registered gets with the confirmation.
create or replace function feed_conference(in_conference uuid)
returns table (slot uuid, revision int, revised bigint, created bigint, starts bigint, ends bigint, wall_starts text, wall_ends text, all_day boolean,
	first_day text, after_day text, cancelled boolean, title text, subtitle text, abstract text, room text, track text, color text, url text,
	speakers text, links text, streams text)
language sql stable as $$
	select k.id, k.version - 1, extract(epoch from k.created)::bigint, extract(epoch from k.created)::bigint,
		extract(epoch from k.starts::timestamp at time zone k.zone)::bigint,
		extract(epoch from (k.ends + 1)::timestamp at time zone k.zone)::bigint, null, null, true,
		to_char(k.starts, 'YYYYMMDD'), to_char(k.ends + 1, 'YYYYMMDD'), false, k.title, k.subtitle, null, null, null, null, null, null, null, null
	from conference k where k.id = in_conference
$$;

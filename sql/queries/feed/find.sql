-- What a calendar is and which slots are in it: $1 SHA-256 of a token, or null and $2 conference, $3 scope, $4 its subject.
with asked as (
	select f.id as feed, f.conference, f.person, f.scope, f.subject, f.alarm, f.cancelled, f.time, f.place, f.created,
		nullif(least(coalesce(f.revoked, 'infinity'), coalesce(t.until, 'infinity')), 'infinity') as dead, 'feed:' || f.id as name
	from feed_token t join feed f on f.id = t.feed
	where t.hash = $1::bytea
	union all
	select null, k.id, null, $3::text, $4::uuid, 0, 'keep', 'utc', 'room', k.created, null, $3::text || coalesce(':' || $4::text, '')
	from conference k
	where $1::bytea is null and k.id = $2::uuid and feed_subject_ok(k.id, $3::text, $4::uuid)
), known as (
	select a.*, k.slug, k.title, k.subtitle, k.venue, k.zone, k.info, k.is_default,
		case when a.dead is null or a.dead > now() then 'live' when a.dead + interval '30 days' > now() then 'tombstone'
			else 'gone' end as state,
		k.starts::timestamp at time zone k.zone as opens, (k.ends + 1)::timestamp at time zone k.zone as closes,
		to_char(k.starts, 'YYYYMMDD') as first_day, to_char(k.ends + 1, 'YYYYMMDD') as after_day,
		plenum_now(k.id) as instant
	from asked a join conference k on k.id = a.conference
)
select coalesce(k.feed::text, '') as feed, k.conference, coalesce(k.person::text, '') as person, k.state, k.scope,
	coalesce(k.subject::text, '') as subject, k.alarm, k.time = 'venue' and k.zone = 'Europe/Copenhagen' as venue_time,
	k.place = 'link' as link_first, extract(epoch from k.created)::bigint as created,
	extract(epoch from k.dead)::bigint as dead, to_char(k.dead at time zone k.zone, 'YYYYMMDD') as dead_day,
	to_char(k.dead at time zone k.zone + interval '1 day', 'YYYYMMDD') as dead_next_day,
	k.slug, k.title, k.subtitle, k.venue, k.zone, case when k.is_default then '' else '/e/' || k.slug end as under,
	k.info -> 'geo' ->> 'lat' as lat, k.info -> 'geo' ->> 'lon' as lon, k.first_day, k.after_day,
	k.instant >= k.opens - interval '1 day' and k.instant < k.closes as near,
	case k.scope when 'room' then (select name from room where id = k.subject)
		when 'track' then (select name from track where id = k.subject)
		when 'speaker' then (select name from speaker where id = k.subject) end as subject_name,
	case when k.state = 'live' then feed_slots(k.conference, k.scope, k.subject, k.person, k.cancelled) end as slots,
	least(feed_valid(k.conference, k.opens, k.closes),
		extract(epoch from case k.state when 'live' then k.dead else k.dead + interval '30 days' end - now())::int + 1) as valid,
	coalesce((select max(number) from release where conference = k.conference), 0) as release,
	k.name, s.state as stamp_state, extract(epoch from s.modified)::bigint as stamp_modified
from known k left join feed_stamp s on s.conference = k.conference
	and s.name = case k.state when 'live' then k.name else 'token:' || left(encode($1::bytea, 'hex'), 32) end

-- auth.device_poll: has staff confirmed it? Then, once, a login. $1 hash of the device code. Under 4 s after the last poll is too fast.
with seen as (
	select id, conference, station, coalesce(polled > now() - interval '4 seconds', false) as fast
	from pairing
	where device_hash = $1::bytea and fetched is null and expires > now()
	for update
), marked as (
	update pairing p set polled = now(), fetched = case when s.station is not null then now() end
	from seen s where p.id = s.id and not s.fast
), made as (
	insert into login (conference, kind, station, expires)
	select s.conference, 'device', s.station, login_expiry(s.conference)
	from seen s join station t on t.id = s.station
	where not s.fast and t.revoked is null
	returning id, conference, station, expires
)
select m.id as login, s.conference, s.station as subject, extract(epoch from m.expires)::bigint as expires,
	people_station(m.station) as station,
	case when s.fast then 'limit.rate' when s.station is not null and m.id is null then 'auth.code' end as fault,
	case when s.fast then 5000 end as retry_ms
from seen s left join made m on true

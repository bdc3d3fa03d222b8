-- kiosk.create: a station without the pairing. $1 conference, $2 name, $3 kind, $4 list, $5 room, $6 profile, $7 hash of a PIN.
with made as (
	insert into station (conference, name, kind, list, room, profile, pin_hash)
	select c.id, $2::text, $3::text, l.id, r.id, coalesce($6::text, 'self_service'), $7::bytea
	from conference c
	left join checkin_list l on l.conference = c.id and l.id = $4::uuid
	left join room r on r.conference = c.id and r.id = $5::uuid
	where c.id = $1::uuid and ($4 is null or l.id is not null) and ($5 is null or r.id is not null)
	returning id
), login as (
	insert into login (conference, kind, station, expires)
	select $1::uuid, 'device', id, now() + interval '30 days' from made
	returning id, conference, station, expires
)
select id as login, conference, station as subject, extract(epoch from expires)::bigint as expires from login

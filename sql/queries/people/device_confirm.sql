-- device.confirm: pairs the device that shows a code. $5 code, $6 name, $7 list, $8 room, $9 profile, $10 hash of a PIN.
with asked as (
	select id, kind from pairing
	where conference = $1::uuid and user_code = $5::text and station is null and fetched is null and expires > now()
	for update
), made as (
	insert into station (conference, name, kind, list, room, profile, pin_hash)
	select $1::uuid, $6::text, a.kind, l.id, r.id, coalesce($9::text, 'self_service'), $10::bytea
	from asked a
	left join checkin_list l on l.conference = $1::uuid and l.id = $7::uuid
	left join room r on r.conference = $1::uuid and r.id = $8::uuid
	where ($7 is null or l.id is not null) and ($8 is null or r.id is not null)
	returning id
), paired as (
	update pairing p set station = m.id from asked a, made m where p.id = a.id
), logged as (
	insert into audit (conference, actor, action, subject)
	select $1::uuid, $2::uuid, 'device.confirmed', id from made
)
select write_done($1, $2, $3, $4, json_build_object('station', id), '{}') as reply, null as fault from made
union all
select null, case when exists (select from asked) then 'not_found' else 'auth.code' end
where not exists (select from made)

-- conference.clock: moves conference time, never back once something has happened; rooms are looked at again. $5 instant or null, $6 seconds from real time or null.
with asked as (
	select id, clock_offset as before, make_interval(secs =>
		coalesce($6::double precision, extract(epoch from $5::timestamptz - now())::double precision)) as wanted
	from conference where id = $1::uuid for no key update
), moved as (
	update conference c set clock_offset = a.wanted from asked a
	where c.id = a.id and (a.wanted >= a.before or not (
		exists (select from question where conference = $1::uuid)
		or exists (select from scan where conference = $1::uuid)
		or exists (select from talk where conference = $1::uuid and started is not null)
		or exists (select from published where conference = $1::uuid and started is not null)))
	returning json_build_object('time', iso(now() + a.wanted), 'offset_seconds', extract(epoch from a.wanted)::bigint) as clock
)
select write_done($1, $2, $3, $4, clock, array[row('worker', 'clock.changed', clock)::ev]) as reply, null as fault
from moved cross join lateral expect_all($1::uuid) cross join lateral (select count(*) from board_watch_all($1::uuid)) boards
union all
select null, 'conference.clock' from asked where not exists (select from moved)

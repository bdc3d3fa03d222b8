-- person.list: each word in the name, the organisation or the address. $3 text, $4 how far they have come, $5 mode, $6 how many to pass over.
with asked as (
	select regexp_split_to_array(people_fold(coalesce($3::text, '')), '\s+') as words
), found as (
	select p.id, count(*) over () as total, row_number() over (order by p.name collate "da-x-icu", p.id) as n
	from person p, asked a
	where p.conference = $1::uuid and $2::uuid is not null
		and not exists (select from unnest(a.words) w where strpos(p.folded || ' ' || p.email, w) = 0)
		and ($4::text is null or person_state(p) = $4::text) and ($5::text is null or p.mode = $5::text)
	order by n limit 100 offset $6::int
)
select json_build_object('people', coalesce(json_agg(person_row(p) order by f.n), '[]'), 'total', coalesce(max(f.total), 0),
	'counts', (select person_counts($1::uuid)), 'left', json_build_object('on_site', registration_room($1::uuid, 'on_site'),
		'online', registration_room($1::uuid, 'online'))) as reply
from found f join person p on p.id = f.id

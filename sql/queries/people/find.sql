-- people.find: each word stands in the name, or the text in the address; Danish letters in any spelling. $3 text.
with asked as (
	select people_fold($3::text) as text, regexp_split_to_array(people_fold($3::text), '\s+') as words
), hits as (
	select p.id, p.name, p.mode, people_fold(p.name) as folded, a.text
	from person p, asked a
	where p.conference = $1::uuid and ($2::uuid is null or true)
		and (not exists (select from unnest(a.words) w where strpos(people_fold(p.name), w) = 0)
			or strpos(p.email, lower($3::text)) > 0)
	order by strpos(people_fold(p.name), a.text) <> 1, p.name, p.id limit 8
)
select json_build_object('people', coalesce(json_agg(json_build_object('id', id, 'name', name, 'mode', mode,
	'admitted', exists (select from admission a where a.conference = $1::uuid and a.person = hits.id
		and a.undone is null)) order by strpos(folded, text) <> 1, name, id), '[]')) as reply
from hits

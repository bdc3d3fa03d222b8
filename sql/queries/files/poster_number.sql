-- poster.number: another number for one poster. $5 abstract, $6 number.
with changed as (
	insert into poster (conference, abstract, number)
	select $1::uuid, a.id, $6::int from abstract a where a.conference = $1::uuid and a.id = $5::uuid and a.outcome = 'poster'
	on conflict on constraint poster_key do update set number = excluded.number
	returning abstract, number
)
select write_done($1, $2, $3, $4, json_build_object('abstract', c.abstract, 'number', c.number), '{}') as reply from changed c

-- person.export. $3 people, rooming or catering, $4 json or csv.
select case
	when $4::text = 'json' then list_as_json($1::uuid, $3::text)
	when $3::text = 'rooming' then json_build_object('csv', list_rooming_csv($1::uuid))
	when $3::text = 'catering' then json_build_object('csv', list_catering_csv($1::uuid))
	else json_build_object('csv', list_people_csv($1::uuid)) end as reply
where $2::uuid is not null

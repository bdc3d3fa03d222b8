-- people.export: everyone, as people.import takes them. $3 json or csv: quoted, and nothing that a spreadsheet would run.
with people as (
	select email, name, mode, organisation, (select k.name from category k where k.id = p.category) as category, array(select g.role from role_grant g
		where g.conference = p.conference and g.person = p.id order by g.role) as roles
	from person p where p.conference = $1::uuid and ($2::uuid is null or true)
), cells as (
	select email, string_agg('"' || case when value ~ '^[=+@\t\r-]' then '''' else '' end
		|| replace(value, '"', '""') || '"', ',' order by n) as line
	from people, unnest(array[email, name, array_to_string(roles, ' '), mode, coalesce(organisation, ''), coalesce(category, '')]) with ordinality as c(value, n)
	group by email
)
select case when $3::text = 'csv'
	then json_build_object('csv', E'email,name,roles,mode,organisation,category\r\n'
		|| coalesce((select string_agg(line || E'\r\n', '' order by email) from cells), ''))
	else json_build_object('people', coalesce((select json_agg(json_strip_nulls(to_json(p)) order by p.email) from people p), '[]'))
	end as reply

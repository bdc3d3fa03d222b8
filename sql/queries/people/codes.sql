-- people.codes: a new generation of entry codes. $1 conference, $2 e-mails as JSON or null, $3 how many, $4 what is stored of each as JSON.
with wanted as (
	select p.id, p.email, p.name, row_number() over (order by p.created, p.email) as n
	from person p join registration r on r.person = p.id and r.state = 'confirmed'
	where p.conference = $1::uuid
		and ($2::json is null or p.email in (select lower(e) from json_array_elements_text($2::json) e))
	order by n limit $3::bigint
), made as (
	insert into entry_code (conference, person, generation, lookup, row_key, sealed)
	select $1::uuid, w.id, coalesce((select max(e.generation) from entry_code e where e.person = w.id), 0) + 1,
		c.lookup, c.row_key, c.sealed
	from wanted w join json_to_recordset($4::json) as c(n bigint, lookup bytea, row_key bytea, sealed bytea) using (n)
	returning person
), told as materialized (
	select count(*) as n from channel_append($1::uuid, door_events($1::uuid, array(select person from made)))
)
select w.n, w.id as person, w.email, w.name from told t, wanted w join made m on m.person = w.id order by w.n

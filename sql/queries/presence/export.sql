-- presence.export: attendance of those who agreed, quoted, and nothing that a spreadsheet would run.
with line as (
	select p.since, pe.email, p.kind, t.ord, array[pe.email, pe.name, s.title, t.title, r.name, p.kind, iso(p.since), iso(p.until),
		p.notice::text] as cells
	from presence p join person pe on pe.id = p.person join talk t on t.id = p.talk join session s on s.id = p.session
		join room r on r.id = p.room
	where p.conference = $1::uuid and p.since < p.until and ($2::uuid is null or true)
), quoted as (
	select l.since, l.email, l.kind, string_agg('"' || case when c.value ~ '^[=+@\t\r-]' then '''' else '' end
		|| replace(c.value, '"', '""') || '"', ',' order by c.n) as text
	from line l, unnest(l.cells) with ordinality as c(value, n) group by l.since, l.email, l.kind, l.ord
)
select json_build_object('csv', E'email,name,session,talk,room,kind,from,to,notice\r\n'
	|| coalesce((select string_agg(q.text || E'\r\n', '' order by q.email, q.since, q.kind) from quoted q), '')) as reply

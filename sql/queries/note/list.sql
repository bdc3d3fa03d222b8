-- note.list: those that name nobody, then people's own, 500 at most; how often each was confirmed.
select json_build_object('notes', coalesce(json_agg(json_strip_nulls(json_build_object('id', n.id, 'list', n.list, 'category', n.category,
	'person', case when n.person is not null then json_build_object('id', n.person, 'name', n.name) end, 'text', n.text,
	'text_da', n.text_da, 'confirm', n.confirm, 'confirmed', n.confirmed)) order by n.person is not null, n.name, n.saved, n.id), '[]')) as reply
from (select n.*, p.name, (select count(*) from door_confirm c where c.note = n.id) as confirmed
	from door_note n left join person p on p.id = n.person
	where n.conference = $1::uuid and ($2::uuid is null or true) and n.removed is null
	order by n.person is not null, p.name, n.saved, n.id limit 500) n

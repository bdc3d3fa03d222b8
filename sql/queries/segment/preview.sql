-- segment.preview: exactly whom, and one mail in each language that is read. $1 conference, $2 actor, $3 segment, $4 subject, $5 text, $6 and $7 the same in Danish.
select json_build_object('seen', segment_seen(s.conference, s.condition), 'count', (select count(*) from segment_people(s.conference, s.condition)),
	'recipients', (select coalesce(json_agg(json_build_object('person', p.id, 'name', p.name, 'email', p.email, 'language', p.language)), '[]')
		from (select * from segment_people(s.conference, s.condition) x order by x.name, x.id limit 2000) p),
	'en', segment_example(s.conference, s.condition, 'en', jsonb_strip_nulls(jsonb_build_object('en', $4::text, 'da', $6::text)),
		jsonb_strip_nulls(jsonb_build_object('en', $5::text, 'da', $7::text))),
	'da', segment_example(s.conference, s.condition, 'da', jsonb_strip_nulls(jsonb_build_object('en', $4::text, 'da', $6::text)),
		jsonb_strip_nulls(jsonb_build_object('en', $5::text, 'da', $7::text)))) as reply
from segment s where s.conference = $1::uuid and s.id = $3::uuid and ($2::uuid is null or true)

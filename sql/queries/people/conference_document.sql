-- conference.json: what the front page shows, without the time of day. $1 conference.
select json_build_object(
	'conference', json_build_object('id', id, 'slug', slug, 'title', title, 'subtitle', subtitle, 'venue', venue,
		'zone', zone, 'starts', starts, 'ends', ends),
	'pages', to_json(book_pages(id) || case when registration_takes_new(id) then '{register}'::text[] else '{}' end),
	'info', info) as body, iso(plenum_now(id)) as time
from conference where id = $1::uuid

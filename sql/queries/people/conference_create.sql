-- conference.create: $1 slug, $2 title, $3 subtitle, $4 venue, $5 zone, $6 starts, $7 ends, $8 default?, $9 info. The first one is the default.
with asked as (
	select exists (select from pg_timezone_names where name = $5::text) as zoned
), before as (
	update conference c set is_default = false from asked a where a.zoned and c.is_default and $8::boolean returning c.id
), made as (
	insert into conference (slug, title, subtitle, venue, zone, starts, ends, is_default, info)
	select $1::text, $2::text, coalesce($3::text, ''), coalesce($4::text, ''), $5::text, $6::date, $7::date,
		$8::boolean or not exists (select from conference where is_default), coalesce($9::jsonb, '{}')
	-- Counting what the update did makes it come first: there is one default at any moment.
	from asked, (select count(*) from before) b where zoned
	returning id, slug
)
select json_build_object('conference', id, 'slug', slug) as reply from made

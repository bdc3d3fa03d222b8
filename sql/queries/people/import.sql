-- people.import: persons by e-mail. $5 rows that read well, $6 refused ones, $7 dry run, $8 partial, $9 mail codes to the new.
-- New ones get their id first, so that nothing here joins what it inserts: 100,000 rows take seconds. Two imports that create one address
-- meet in person_email_once, and one of them is told to come again.
with asked as materialized (
	select r.*, coalesce(p.id, gen_random_uuid()) as person, p.id is null as new, p.mode as mode_before,
		case when p.id = $2::uuid and r.roles is not null and not 'organiser' = any (r.roles)
			and exists (select from role_grant g where g.conference = $1::uuid and g.person = p.id and g.role = 'organiser')
		then 'you cannot take the role organiser from yourself' end as why
	from json_to_recordset($5::json) as r("row" int, email text, name text, mode text, organisation text, category text, roles text[],
		lookup bytea, row_key bytea, sealed bytea)
	left join person p on p.conference = $1::uuid and p.email = r.email
), verdict as (
	select $8::boolean or (json_array_length($6::json) = 0 and not exists (select from asked where why is not null)) as would
), taken as materialized (
	select a.* from asked a, verdict v where v.would and not $7::boolean and a.why is null
), groups as materialized (
	-- A category that nobody has heard of yet is made.
	select coalesce(c.id, gen_random_uuid()) as id, g.name, c.id is null as new
	from (select distinct category as name from taken where category is not null) g
	left join category c on c.conference = $1::uuid and c.name = g.name
), grouped as (
	insert into category (id, conference, name, ord) select g.id, $1::uuid, g.name, x.ord + row_number() over (order by g.name)
	from groups g, (select coalesce(max(c.ord), 0) as ord from category c where c.conference = $1::uuid) x where g.new
), made as (
	insert into person (id, conference, email, name, mode, organisation, category)
	select t.person, $1::uuid, t.email, t.name, coalesce(t.mode, 'on_site'), t.organisation, g.id
	from taken t left join groups g on g.name = t.category where t.new order by t.email
), changed as (
	update person p set name = t.name, mode = coalesce(t.mode, p.mode), organisation = coalesce(t.organisation, p.organisation),
		category = coalesce(g.id, p.category)
	from taken t left join groups g on g.name = t.category
	where p.conference = $1::uuid and p.id = t.person
		and (p.name, p.mode, p.organisation, p.category) is distinct from (t.name, coalesce(t.mode, p.mode),
			coalesce(t.organisation, p.organisation), coalesce(g.id, p.category))
	returning p.id as person
), registered as (
	insert into registration (person, conference) select person, $1::uuid from taken order by 1
	on conflict on constraint registration_once do nothing
), coded as (
	insert into entry_code (conference, person, generation, lookup, row_key, sealed)
	select $1::uuid, person, 1, lookup, row_key, sealed from taken where new and lookup is not null
	returning person
), dropped as (
	delete from role_grant g using taken t
	where g.conference = $1::uuid and g.person = t.person and t.roles is not null and g.role <> all (t.roles)
	returning g.person
), granted as (
	insert into role_grant (conference, person, role)
	select $1::uuid, t.person, r.role from taken t, unnest(t.roles) as r(role) order by 2, 3
	on conflict on constraint role_grant_once do nothing
	returning person
), mailed as (
	insert into outbox (conference, dedupe, recipient, subject, body)
	select $1::uuid, 'welcome:' || t.person, t.email, 'Your entry code for ' || c.title, code_mail(t.name, c, t.sealed)
	from taken t join conference c on c.id = $1::uuid
	where $9::boolean and t.new and t.sealed is not null
), report as (
	select a."row", case when a.why is not null or not v.would then 'refused' when a.new then 'created'
			else 'updated' end as result,
		coalesce(a.why, case when not v.would then 'nothing was imported, because other rows were refused' end) as why
	from asked a, verdict v
	union all
	select "row", 'refused', why from json_to_recordset($6::json) as r("row" int, why text)
)
select write_done($1, $2, $3, $4,
	(select json_build_object(
		'created', count(*) filter (where result = 'created'),
		'updated', count(*) filter (where result = 'updated'),
		'refused', count(*) filter (where result = 'refused'),
		'dry_run', $7::boolean,
		'rows', coalesce(json_agg(case when why is null then json_build_object('row', "row", 'result', result)
			else json_build_object('row', "row", 'result', result, 'why', why) end order by "row"), '[]'))
	from report),
	array(select row('worker', 'role.changed', json_build_object('person', x.person))::ev
		from (select person from dropped union select person from granted
			union select person from taken where mode <> mode_before) x
		-- Only of those who were there before this statement.
		where exists (select from person p where p.id = x.person))
	|| door_events($1::uuid, array(select person from coded union all select person from changed))) as reply

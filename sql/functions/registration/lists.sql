-- Lists on paper and as tables: who sleeps where which night, who eats what, everybody.

-- A line of a table, cell by cell.
create or replace function list_line(variadic cells text[]) returns text
language sql immutable as $$
	select csv_line(cells)
$$;

-- Everybody whose nights are covered, with those they chose.
create or replace function list_rooming(in_conference uuid)
returns table (name text, organisation text, email text, covered int, nights date[], access text)
language sql stable as $$
	select p.name, p.organisation, p.email, r.nights, coalesce(a.nights, '{}'), coalesce(a.access, '')
	from person p join registration r on r.person = p.id and r.state = 'confirmed' left join registration_answer a on a.person = p.id
	where p.conference = in_conference and p.mode = 'on_site' and (r.nights > 0 or a.nights <> '{}')
	order by a.nights[1] nulls last, p.name collate "da-x-icu", p.id
$$;

-- Everybody who comes.
create or replace function list_catering(in_conference uuid)
returns table (name text, organisation text, category text, diet text, access text)
language sql stable as $$
	select p.name, p.organisation, k.name, coalesce(a.diet, ''), coalesce(a.access, '')
	from person p join registration r on r.person = p.id and r.state = 'confirmed' left join registration_answer a on a.person = p.id
		left join category k on k.id = p.category
	where p.conference = in_conference and p.mode = 'on_site'
	order by coalesce(a.diet, '') = '', p.name collate "da-x-icu", p.id
$$;

create or replace function list_rooming_csv(in_conference uuid) returns text
language sql stable as $$
	select list_line('name', 'organisation', 'email', 'nights covered', 'nights', 'access')
		|| coalesce((select string_agg(list_line(l.name, l.organisation, l.email, l.covered::text, array_to_string(l.nights, ' '), l.access), '' order by n)
			from list_rooming(in_conference) with ordinality l (name, organisation, email, covered, nights, access, n)), '')
$$;

create or replace function list_catering_csv(in_conference uuid) returns text
language sql stable as $$
	select list_line('name', 'organisation', 'category', 'diet', 'access')
		|| coalesce((select string_agg(list_line(l.name, l.organisation, l.category, l.diet, l.access), '' order by n)
			from list_catering(in_conference) with ordinality l (name, organisation, category, diet, access, n)), '')
$$;

-- Everybody, with how far they have come and what is covered.
create or replace function list_people_csv(in_conference uuid) returns text
language sql stable as $$
	select list_line('email', 'name', 'roles', 'mode', 'organisation', 'category', 'state', 'fee covered', 'nights covered', 'cancelled')
		|| coalesce((select string_agg(list_line(p.email, p.name, array_to_string(people_roles(p.conference, p.id), ' '), p.mode, p.organisation,
			(select k.name from category k where k.id = p.category), person_state(p), case when r.fee then 'yes' else 'no' end,
			coalesce(r.nights, 0)::text, coalesce(iso(r.cancelled), '')), '' order by p.email)
			from person p left join registration r on r.person = p.id where p.conference = in_conference), '')
$$;

create or replace function list_as_json(in_conference uuid, in_what text) returns json
language sql stable as $$
	select case in_what
		when 'rooming' then json_build_object('rows', (select coalesce(json_agg(l), '[]') from list_rooming(in_conference) l),
			'nights', (select coalesce(json_agg(json_build_object('night', x.d, 'beds', x.n) order by x.d), '[]')
				from (select d, count(*) as n from list_rooming(in_conference) l, unnest(l.nights) d group by d) x),
			'beds', (registration_settings(in_conference)).beds)
		else json_build_object('rows', (select coalesce(json_agg(l), '[]') from list_catering(in_conference) l),
			'diets', (select coalesce(json_agg(json_build_object('diet', x.diet, 'n', x.n) order by x.n desc, x.diet), '[]')
				from (select lower(l.diet) as diet, count(*) as n from list_catering(in_conference) l group by 1) x)) end
$$;

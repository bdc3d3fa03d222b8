-- Names as they are searched: Søren, Soeren and Soren are one, and so are Ågård, Aagaard and Agard.
create or replace function people_fold(name text) returns text
language sql stable parallel safe as $$
	select replace(replace(replace(unaccent(lower(name)), 'aa', 'a'), 'ae', 'a'), 'oe', 'o')
$$;

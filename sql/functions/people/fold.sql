-- Names as they are searched: Søren, Soeren and Soren are one, and so are Ågård, Aagaard and Agard. A column and an index are made of it
-- (0023): what it gives may not change without them.
create or replace function people_fold(name text) returns text
language sql immutable parallel safe as $$
	select replace(replace(replace(public.unaccent('public.unaccent', lower(name)), 'aa', 'a'), 'ae', 'a'), 'oe', 'o')
$$;

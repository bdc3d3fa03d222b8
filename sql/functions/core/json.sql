-- JSON objects as text: the members of the second behind those of the first; those that are null are left out.
create or replace function json_plus(base json, extra json) returns json
language sql immutable parallel safe as $$
	select case when e = '{}' then base else (case when b = '{}' then '{' else left(b, -1) || ',' end || substr(e, 2))::json end
	from (select rtrim(base::text) as b, json_strip_nulls(extra)::text as e offset 0) x
$$;

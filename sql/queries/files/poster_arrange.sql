-- poster.arrange.
with done as materialized (
	select poster_arrange($1::uuid) as n
)
select write_done($1, $2, $3, $4, json_build_object('numbered', d.n), '{}') as reply from done d

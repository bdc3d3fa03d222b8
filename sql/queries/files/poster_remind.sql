-- poster.remind: mails to whoever has not handed in. $5 until, in words.
with done as materialized (
	select poster_remind($1::uuid, $5::text) as n
)
select write_done($1, $2, $3, $4, json_build_object('asked', d.n), '{}') as reply from done d

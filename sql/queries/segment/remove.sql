-- segment.remove. $5 segment.
with gone as (
	delete from segment where conference = $1::uuid and id = $5::uuid returning id
)
select write_done($1, $2, $3, $4, json_build_object('segment', id), '{}') as reply from gone

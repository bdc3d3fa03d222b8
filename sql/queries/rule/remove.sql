-- rule.remove: $5 rule.
with gone as (
	delete from list_rule where conference = $1::uuid and id = $5::uuid returning id
)
select write_done($1::uuid, $2::uuid, $3::uuid, $4::bytea, json_build_object('rule', g.id), door_news()) as reply from gone g

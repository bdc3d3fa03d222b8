-- Who hears the counts of channel poll:<id>: a row when this caller may. $2 poll, $3 actor.
select true as may where poll_may_hear($1::uuid, $2::uuid, $3::uuid)

-- talk.no_show: $5 talk, $6 did not come, or did after all.
select reply, fault, current from talk_no_show($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::boolean)

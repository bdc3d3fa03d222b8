-- talk.add_time: $5 talk, $6 seconds, $7 what had been added (null: anything).
select reply, fault, current from talk_add_time($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, $7::int)

-- talk.allot: $5 talk, $6 seconds (null: its share).
select reply, fault, current from talk_allot($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int)

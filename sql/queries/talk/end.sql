-- Ends a talk: $5 talk, $6 at (null: now, on the conference's clock).
select reply, fault, current from talk_end($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::timestamptz)

-- talk.pause and talk.resume: $5 talk, $6 which, $7 at (null: now, on the conference's clock).
select reply, fault, current from talk_halt_set($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::boolean, $7::timestamptz)

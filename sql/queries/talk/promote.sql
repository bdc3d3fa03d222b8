-- talk.promote: $5 session, $6 the talk whose place it is (null: the first that is free), $7 the abstract that stands by.
select reply, fault, current from talk_promote($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid, $7::uuid)

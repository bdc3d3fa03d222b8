-- badge.batch: copy 1 for everybody on site who has none. $5 its id, $6 template, $7 how many in a box.
select reply, fault, current from badge_batch_make($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::int)

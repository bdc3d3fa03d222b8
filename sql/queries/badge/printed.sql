-- badge.printed: a batch is on paper. $5 batch.
select reply, fault, current from badge_printed($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid)

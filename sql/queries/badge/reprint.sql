-- badge.reprint: another copy, with a reason. $5 person, $6 reason, $7 printer, $8 station.
select reply, fault, current from badge_reprint($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::text, $8::uuid)

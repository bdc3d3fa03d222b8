-- badge.print: copy 1, once. $5 person, $6 scan, $7 printer, $8 station, $9 only for those it let in itself.
select reply, fault, current from badge_print($1::uuid, $2::uuid, $5::uuid, $6::uuid, $7::text, $8::uuid, $9::boolean)
where $3::uuid is null and $4::bytea is null

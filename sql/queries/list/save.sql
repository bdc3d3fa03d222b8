-- list.save: $5 list, $6 name, $7 opens, $8 closes, $9 capacity, $10 zone, $11 end of its day, $12 the version the caller saw.
select s.reply, s.fault, s.current from list_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::text, $8::text, $9::int, $10::text, $11::text, $12::int) s

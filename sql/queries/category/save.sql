-- category.save: $5 category, $6 name, $7 colour, $8 place in the order, $9 the version the caller saw.
select s.reply, s.fault, s.current from category_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::text, $8::int, $9::int) s

-- category.remove: $5 category, $6 the version the caller saw.
select s.reply, s.fault, s.current from category_remove($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int) s

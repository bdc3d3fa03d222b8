-- interest.declare: $5 abstract, $6 whose when an organiser says so, $7 there is a conflict, $8 why.
select reply, fault, current from interest_declare($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid, $7::boolean, $8::text)

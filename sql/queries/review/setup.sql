-- review.setup: $5 criteria, $6 blind, $7 until when, $8 reviews an abstract, $9 the version it was made of.
select reply, fault, current from review_setup_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::jsonb, $6::boolean, $7::text, $8::int, $9::int)

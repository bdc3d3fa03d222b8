-- review.import: $5 rows, $6 whether nothing is to be changed.
select reply, fault, current from review_import($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::jsonb, $6::boolean)

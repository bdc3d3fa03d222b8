-- review.save: $5 abstract, $6 scores, $7 to the authors, $8 to the committee, $9 draft or final, $10 the version it was made of.
select reply, fault, current from review_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::jsonb, $7::text, $8::text, $9::text, $10::int)

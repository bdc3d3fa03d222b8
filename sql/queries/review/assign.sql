-- review.assign, then: $5 abstracts and $6 people, pair by pair.
select reply, fault, current from review_assign($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid[], $6::uuid[])

-- review.unassign: $5 abstract, $6 person.
select reply, fault, current from review_unassign($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid)

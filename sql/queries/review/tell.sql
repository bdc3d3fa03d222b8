-- review.tell: writes to all reviewers.
select reply, fault, current from review_tell($1::uuid, $2::uuid, $3::uuid, $4::bytea)

-- review.reviewers: who reviews, and how far each is.
select review_reviewers($1::uuid, $2::uuid) as reply

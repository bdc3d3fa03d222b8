-- review.progress: each abstract with its reviewers.
select review_progress($1::uuid, $2::uuid) as reply

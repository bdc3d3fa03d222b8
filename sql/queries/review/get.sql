-- review.get: $3 abstract, as its reviewer sees it.
select r as reply from review_get($1::uuid, $2::uuid, $3::uuid) r where r is not null

-- review.list: $3 abstract, $4 the caller is an organiser.
select r as reply from review_others($1::uuid, $2::uuid, $3::uuid, $4::boolean) r where r is not null

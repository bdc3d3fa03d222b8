-- review.export: $3 format.
select review_export($1::uuid, $2::uuid, $3::text) as reply

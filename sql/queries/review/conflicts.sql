-- review.conflicts: who knows whom. $3 abstract, $4 person, or null.
select review_conflict_list($1::uuid, $2::uuid, $3::uuid, $4::uuid) as reply

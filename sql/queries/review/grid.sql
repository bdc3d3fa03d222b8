-- review.assign, first: what is to be worked out. $1 conference, $2 actor, $3 abstract or null, $4 person or null.
select abstracts, needs, people, loads, limits, fits from review_grid($1::uuid, $2::uuid, $3::uuid, $4::uuid)

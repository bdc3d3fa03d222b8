-- reviewer.remove: $5 person, $6 whether what they finished stays.
select reply, fault, current from reviewer_remove($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text)

-- Takes back what a release changed: $5 its number, null for the newest, $6 note.
select reply, fault, current from release_revert($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::int, $6::text)

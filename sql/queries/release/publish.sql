-- Publishes the draft: $5 note.
select reply, fault, current from release_publish($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::text)

-- note.remove. $5 note.
select reply, fault, current from note_remove($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid)

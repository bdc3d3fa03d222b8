-- note.save. $5 note or null, $6 list, $7 category, $8 person, $9 text, $10 text in Danish, $11 to be confirmed.
select reply, fault, current from note_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid, $7::uuid, $8::uuid, $9::text,
	$10::text, $11::boolean)

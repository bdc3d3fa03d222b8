-- segment.save. $5 segment, $6 name, $7 condition, $8 expected version.
select reply, fault, current from segment_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6, $7::jsonb, $8::int)

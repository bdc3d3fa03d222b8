-- segment.send. $5 mail, $6 segment, $7 subject, $8 text, $9 and $10 the same in Danish, $11 whom the sender saw.
select reply, fault, current from segment_send($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid, 
	jsonb_strip_nulls(jsonb_build_object('en', $7::text, 'da', $9::text)), jsonb_strip_nulls(jsonb_build_object('en', $8::text, 'da', $10::text)), $11)

-- stream.hold. $5 room, $6 whether, $7 words by language, $8 when it goes on.
select reply, fault, current from stream_hold($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::boolean, $7::jsonb, $8::text)

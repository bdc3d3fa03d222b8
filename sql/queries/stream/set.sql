-- stream.set. $5 stream, $6 room, $7 kind, $8 url, $9 label, $10 language, $11 latency in ms (0: not known), $12 starts, $13 ends, $14 audio,
-- $15 captions, $16 expected version (null: it is new).
select reply, fault, current from stream_set($1::uuid, $2::uuid, $3::uuid, $4::bytea,
	row($5::uuid, $1::uuid, $6::uuid, $7::text, $8::text, coalesce($9::text, ''), coalesce($10::text, ''), nullif($11::int, 0),
		null, null, $14::text, $15::text, 1, now())::stream, $12::text, $13::text, $16::int)

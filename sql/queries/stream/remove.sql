-- stream.remove. $5 stream, $6 expected version.
select reply, fault, current from stream_remove($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int)

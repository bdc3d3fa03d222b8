-- stream.hosts. $5 hosts that may be embedded, $6 hosts that media may come from; null leaves a list.
select reply, fault, current from stream_hosts($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::jsonb, $6::jsonb)

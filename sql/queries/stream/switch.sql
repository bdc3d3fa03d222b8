-- stream.switch. $5 room, $6 stream (null: by the clock).
select reply, fault, current from stream_switch($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid)

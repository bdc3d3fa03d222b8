-- mic.read_out. $5 entry, $6 text (null: no longer).
select reply, fault, current from mic_read_out($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text)

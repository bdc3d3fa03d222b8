-- file.write: a piece is on the disk. $3 file, $4 from, $5 to, $6 type and $7 SHA-256 with the last one.
select reply, fault from file_written($1::uuid, $2::uuid, $3::uuid, $4::bigint, $5::bigint, $6::text, $7::bytea)

-- file.create: an upload is announced. $3 file, $4 kind, $5 subject, $6 name, $7 size.
select reply, fault from file_create($1::uuid, $2::uuid, $3::uuid, $4::text, $5::uuid, $6::text, $7::bigint)

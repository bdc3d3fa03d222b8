-- file.write: the bytes are not what the name says. $3 file.
select file_refuse($1::uuid, $2::uuid, $3::uuid) as done

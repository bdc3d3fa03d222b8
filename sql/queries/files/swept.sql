-- $1: these are off the disk.
select file_swept($1::uuid[]) as done

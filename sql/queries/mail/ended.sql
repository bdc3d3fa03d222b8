-- What became of a mail. $1 relay, $2 mail, $3 sent, refused, later, unsure or relay, $4 had it perhaps arrived before?, $5 what the relay said.
select mail_ended($1, $2::uuid, $3, $4::boolean, $5)

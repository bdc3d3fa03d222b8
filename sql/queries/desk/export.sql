-- qa.export: a page of a file. $3 session, $4 talk, $5 format, $6 part, $7 where the page begins.
select reply, fault from export_page($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::text, $6::text, $7::text)

-- qa.close: what waits or was not asked goes into the archive; the tallies are counted anew. $5 talk, $6 session.
select reply, fault, current from questions_close($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid)

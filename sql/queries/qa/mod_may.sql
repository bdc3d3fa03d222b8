-- Who hears channel talk:<id>:mod. $2 talk, $3 who asks.
select 1 from talk t where t.conference = $1::uuid and t.id = $2::uuid and qa_may($1::uuid, $3::uuid, t.session)

-- qa.settings_get. $3 session; null: the whole conference.
select reply, fault from qa_settings_get($1::uuid, $2::uuid, $3::uuid)

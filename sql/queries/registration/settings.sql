-- registration.settings.
select registration_settings_json($1::uuid) as reply where $2::uuid is not null

-- badge.preview: who would be in which box. $3 how many in one, null: as set.
select badge_preview($1::uuid, coalesce($3::int, (badge_settings($1::uuid)).per_box))::text as reply where $2::uuid is not null

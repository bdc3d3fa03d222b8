-- checkin.upload: what a station kept. $5 station or $6 staff, $7 sent at, $8 monotonic then, $9 segment of its clock, $10 scans.
select u.reply, u.fault from door_upload($1::uuid, $5::uuid, $6::uuid, $7::timestamptz, $8::bigint, $9::uuid, $10::json) u
-- No key: each scan has its own id.
where ($2::uuid is null or true) and ($3::uuid is null or true) and ($4::bytea is null or true)

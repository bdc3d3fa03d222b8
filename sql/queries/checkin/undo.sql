-- checkin.undo: takes back what a scan did. $5 scan, $6 reason, $7 whether the actor is a person.
select u.reply, u.fault from door_undo($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::boolean) u

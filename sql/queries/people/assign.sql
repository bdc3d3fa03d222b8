-- people.assign: $5 moderator, $6 room or $7 session they look after, $8 given or taken.
select reply, fault, current from people_assign($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid, $7::uuid, $8::boolean)

-- call.get: the call as people see it. $1 conference, $2 actor.
select reply from call_get($1::uuid, $2::uuid)

-- call.settings: the call as organisers keep it. $1 conference, $2 actor.
select reply from call_settings($1::uuid) where $2::uuid is null or true

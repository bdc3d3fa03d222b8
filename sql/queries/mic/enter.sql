-- mic.enter. $5 talk, $6 HMAC of an entry code, $7 person, $8 name, $9 whether the code is none.
select reply, fault, current from mic_enter($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::bytea, $7::uuid, $8::text, $9::boolean)

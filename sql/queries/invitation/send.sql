-- invitation.send. $5 address, $6 name, $7 what for, $8 mode, $9 until, $10 session, $11 language.
select reply, fault, current from invitation_send($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::text, $6::text, $7::text, $8::text, $9::timestamptz, $10::uuid, $11::text)

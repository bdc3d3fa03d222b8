-- invitation.accept. $5 invitation, $6 mode, $7 answers, $8 lookup, $9 row key, $10 sealed.
select reply, fault, current from invitation_accept($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::text, $7::jsonb, $8::bytea, $9::bytea, $10::bytea)

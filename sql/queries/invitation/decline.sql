-- invitation.decline. $5 invitation.
select reply, fault, current from invitation_decline($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid)

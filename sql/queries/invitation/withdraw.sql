-- invitation.withdraw. $5 invitation.
select reply, fault, current from invitation_withdraw($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid)

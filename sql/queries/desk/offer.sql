-- desk.offer: to hand the desk over. $5 session, $6 to whom (null: to nobody any more), $7 note.
select reply, fault, current from desk_offer($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid, $7::text)

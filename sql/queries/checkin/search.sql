-- checkin.search. $2 station or $3 staff, $4 list, $5 text. A row a hit, with what its code is sealed in; or one with the fault.
select hit, sealed, more, fault from door_search($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::text)

-- abstract.withdraw. $5 abstract, $6 expected version.
select reply, fault, current from abstract_withdraw($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int)

-- qa.claim: "I am on this", for 30 s. $5 question, $6 taken or given back, $7 even from somebody else.
select reply, fault, current from claim_set($1::uuid, $2::uuid, $5::uuid, $6::boolean, $7::boolean)
where $3::uuid is null or $4::bytea is not null

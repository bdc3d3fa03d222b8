-- presence.consent. $5 whether, $6 the notice's version that was read (0: not said).
select reply, fault, current from presence_agree($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::boolean, $6::int)

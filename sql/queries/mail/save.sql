-- mail.save: own words for a kind. $5 kind, $6 language, $7 subject or null, $8 body or null, $9 expected version.
select reply, fault, current from mail_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5, $6, $7, $8, $9::int)

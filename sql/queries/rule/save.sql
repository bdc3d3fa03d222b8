-- rule.save: $5 rule, $6 list, $7 category, $8 day, $9 from, $10 until.
select s.reply, s.fault from rule_save($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::uuid, $7::uuid, $8::text, $9::text, $10::text) s

-- notice.withdraw: $5 notice, $6 expected version.
select reply, fault, current from notice_change($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::uuid, $6::int, true, null, null, null)

-- mic.order. $5 session, or $6 one of its talks; $7 all who wait.
select m.reply, m.fault, m.current from (select coalesce($5::uuid, (select t.session from talk t where t.conference = $1::uuid and t.id = $6::uuid)) as id) s
	cross join lateral mic_reorder($1::uuid, $2::uuid, $3::uuid, $4::bytea, s.id, $7::json) m

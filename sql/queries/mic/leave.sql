-- mic.leave, merged. $2 people, $3 sessions (null: all).
select ord, reply, fault, current from mic_present($1::uuid, $2::uuid[], $3::uuid[], true)

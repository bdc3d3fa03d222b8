-- mic.join, merged. $2 people, $3 talks, $4 questions, $5 origins.
select ord, reply, fault, current from mic_join($1::uuid, $2::uuid[], $3::uuid[], $4::uuid[], $5::text[])

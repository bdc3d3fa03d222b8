-- qa.vote, merged. $2 voters, $3 questions, $4 values, $5 seqs.
select ord, fault, reply from questions_vote($1::uuid, $2::uuid[], $3::uuid[], $4::smallint[], $5::bigint[])

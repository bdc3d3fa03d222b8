-- interest.list: whom one cannot judge.
select interest_list($1::uuid, $2::uuid) as reply

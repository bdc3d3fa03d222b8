-- book.get: for everybody once it is open, before that for organisers.
select case when x.may then book_json($1::uuid) end as reply, case when not x.may then 'book.closed' end as fault
from (select coalesce((select b.open from book b where b.conference = $1::uuid), false) or file_organiser($1::uuid, $2::uuid) as may) x

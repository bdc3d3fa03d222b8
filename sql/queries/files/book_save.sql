-- book.save: what is open to whom. $5 posters, $6 open, $7 session.
select case when s.fault is null then write_done($1, $2, $3, $4, json_build_object('posters', $5::boolean, 'open', $6::boolean,
		'session', $7::uuid), '{}') end as reply, s.fault
from book_save($1::uuid, $5::boolean, $6::boolean, $7::uuid) s

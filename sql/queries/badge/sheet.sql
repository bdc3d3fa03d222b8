-- badge.sheet: what stands on a hundred badges of a batch, in their order, or on one. $3 batch, $4 job, $5 how many to pass over.
select json_build_object('badges', coalesce(json_agg(x.badge order by x.box, x.number), '[]'), 'total', coalesce(max(x.total), 0)) as reply
from (select badge_paper(j) as badge, j.box, j.number, count(*) over () as total from print_job j
	where j.conference = $1::uuid and $2::uuid is not null and (j.batch = $3::uuid or j.id = $4::uuid)
	order by j.box, j.number limit 100 offset $5::int) x

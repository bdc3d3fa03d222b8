-- $1 conference, $2 lease, $3 whether it was written: again in an hour, or in a minute. A release meanwhile has asked anew already. Two
-- weeks after the end only a release asks.
update due d set at = case when not $3::boolean then now() + interval '1 minute'
	when plenum_now(k.id) > k.ends + interval '15 days' then 'infinity' else now() + interval '1 hour' end
from conference k
where d.conference = $1::uuid and d.kind = 'bundle' and d.at = $2::timestamptz and k.id = d.conference
returning d.at

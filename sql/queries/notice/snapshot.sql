-- notice:<audience>: what is announced there and still holds. $1 conference, $2 audience as the channel has it.
select channel_head(c.id, 'notice:' || $2::text) as head,
	json_build_object('notices', notices_of(c.id, 'notice:' || $2::text)) as snapshot, null::json as tally
from conference c where c.id = $1::uuid

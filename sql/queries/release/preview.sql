-- What a release would change, whom it would reach, and what would refuse it: $3 only these slots, a JSON array.
select release_preview(k.id, case when $3::jsonb is not null
	then array(select x::uuid from jsonb_array_elements_text($3::jsonb) x) end) as reply
from conference k where k.id = $1::uuid and ($2::uuid is null or true)

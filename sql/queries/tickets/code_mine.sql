-- entry_code.mine: the code of whoever asks. One from before there was a seal.key is none that can be shown.
select p.name, iso(e.created) as issued, e.sealed,
	case when r.state is distinct from 'confirmed' then 'cancelled' when e.person is null then 'none'
		when e.revoked is not null then 'revoked' when e.sealed is null then 'unknown' else 'valid' end as state
from person p
left join registration r on r.person = p.id
left join lateral (select * from entry_code e where e.person = p.id order by e.generation desc limit 1) e on true
where p.conference = $1::uuid and p.id = $2::uuid

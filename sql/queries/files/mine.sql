-- file.mine: what the caller gives talks and posters for, with what is there already.
select json_build_object('subjects', coalesce((
	select json_agg(json_build_object('kind', x.kind, 'subject', x.subject, 'title', x.title, 'session', x.session,
		'files', coalesce((select json_agg(file_json(f) order by f.created, f.id) from file f
			where f.conference = $1::uuid and f.kind = x.kind and x.subject in (f.talk, f.abstract) and f.state <> 'refused'
				and (f.state = 'ready' or f.person = $2::uuid)), '[]')) order by x.kind, x.title, x.subject)
	from (
		select 'slides' as kind, t.id as subject, t.title, t.session
		from speaker s join talk_speaker y on y.speaker = s.id join talk t on t.id = y.talk
		where s.conference = $1::uuid and s.person = $2::uuid
			and not exists (select from abstract a where a.id = t.abstract and a.outcome = 'poster')
		union
		select 'poster', a.id, a.title, a.session from abstract a
		where a.conference = $1::uuid and a.outcome = 'poster' and a.state = 'submitted'
			and (a.person = $2::uuid or exists (select from abstract_author w join person p on p.email = w.email and p.conference = a.conference
				where w.abstract = a.id and w.presents and p.id = $2::uuid))
	) x), '[]')) as reply
from conference k where k.id = $1::uuid

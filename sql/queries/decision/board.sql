-- decision.board: places, what is meant and what is in force, every submitted abstract with what reviewers think of it.
with authors as materialized (
	select distinct on (w.abstract) w.abstract, w.name, w.affiliation
	from abstract_author w where w.conference = $1::uuid order by w.abstract, w.presents desc, w.ord
), topics as materialized (
	select x.abstract, json_agg(x.track order by t.ord, t.name) as tracks
	from abstract_track x join track t on t.id = x.track where t.conference = $1::uuid group by x.abstract
), hidden as materialized (
	-- Of abstracts whose authors one knows, no reviews: as of those that nobody has reviewed.
	select h as abstract from review_hidden($1::uuid, $2::uuid) h
), meant as materialized (
	select m.* from decision_meant($1::uuid) m
), rows as (
	select a.id, a.number, a.outcome, a.returned, m.outcome as meant, m.staged, json_strip_nulls(json_build_object(
		'abstract', a.id, 'number', a.number, 'title', a.title, 'name', coalesce(w.name, o.name), 'affiliation', nullif(w.affiliation, ''),
		'wish', a.wish, 'mode', a.mode, 'received', iso(a.received), 'tracks', coalesce(x.tracks, '[]'),
		'reviews', r.reviews, 'score', r.score, 'z', r.z, 'spread', r.spread,
		'outcome', a.outcome, 'session', a.session, 'rank', a.rank, 'decided', iso(a.decided), 'returned', iso(a.returned),
		'talk', t.id, 'version', coalesce(d.version, 0),
		'staged', case when d.outcome is not null then json_build_object('outcome', d.outcome, 'session', d.session, 'rank', d.rank,
			'note', nullif(d.note, ''), 'by', b.name, 'at', iso(d.at)) end)) as line
	from meant m join abstract a on a.id = m.abstract join person o on o.id = a.person
		left join decision d on d.abstract = a.id
		left join person b on b.id = d.by_person
		left join authors w on w.abstract = a.id
		left join topics x on x.abstract = a.id
		left join talk t on t.abstract = a.id
		left join review_of($1::uuid) r on r.abstract = a.id and not exists (select from hidden h where h.abstract = a.id)
)
select json_build_object(
	'terms', coalesce((select selection_terms(s) from selection s where s.conference = $1::uuid),
		json_build_object('posters', null, 'answer_days', 14, 'standby_days', 3, 'round', 0, 'version', 1)),
	'posters', json_build_object('places', (select s.posters from selection s where s.conference = $1::uuid),
		'taken', (select count(*) from meant m where m.outcome = 'poster'), 'held', (select count(*) from rows r where r.outcome = 'poster')),
	'sessions', (select coalesce(json_agg(json_build_object('session', s.id, 'title', s.title, 'track', s.track, 'places', s.places,
			'start', iso(l.starts), 'room', l.room, 'taken', (select count(*) from meant m where m.outcome = 'talk' and m.session = s.id),
			'held', (select count(*) from abstract a where a.session = s.id and a.outcome = 'talk' and a.state = 'submitted'))
			order by l.starts, s.number), '[]')
		from session s left join lateral (select l.starts, l.room from slot l where l.session = s.id and not l.cancelled
			order by l.starts limit 1) l on true
		where s.conference = $1::uuid and s.places is not null),
	'counts', (select json_build_object('abstracts', count(*), 'staged', count(*) filter (where r.staged),
		'undecided', count(*) filter (where r.meant is null and r.returned is null),
		'drafts', (select count(*) from abstract a where a.conference = $1::uuid and a.state = 'draft')) from rows r),
	'mails', (select count(*) from outbox b where b.conference = $1::uuid and b.sent is null and b.kind like 'decision.%'),
	'abstracts', (select coalesce(json_agg(r.line order by r.number, r.id), '[]') from rows r)) as reply
from conference k where k.id = $1::uuid and ($2::uuid is null or true)

-- Everything about one's own way to the conference, in one answer: what was offered, what was said, what was written.

create or replace function invitation_json(i invitation) returns json
language sql stable as $$
	select json_strip_nulls(json_build_object('id', i.id, 'what', i.what, 'mode', i.mode, 'fee', i.fee, 'nights', i.nights,
		-- What the clock says, whatever a job has told.
		'state', case when i.state = 'sent' and i.expires <= plenum_now(i.conference) then 'lapsed' else i.state end,
		'issued', iso(i.issued), 'expires', iso(i.expires), 'answered', iso(i.answered), 'abstract', i.abstract,
		'title', (select a.title from abstract a where a.id = i.abstract),
		'session', (select json_build_object('id', s.id, 'title', s.title) from session s where s.id = i.session)))
$$;

create or replace function registration_json(in_person uuid) returns json
language sql stable as $$
	select json_build_object('state', r.state, 'mode', p.mode, 'fee', r.fee, 'nights', r.nights, 'since', iso(r.created),
		'cancelled', iso(r.cancelled),
		'answers', (select json_build_object('badge_name', coalesce(a.badge_name, ''), 'diet', a.diet, 'access', a.access,
			'nights', to_json(a.nights), 'consent', a.consent) from registration_answer a where a.person = p.id))
	from person p join registration r on r.person = p.id where p.id = in_person
$$;

-- Talks one gives: as people see them, with the room and the time they are expected.
create or replace function registration_talks(in_conference uuid, in_person uuid) returns json
language sql stable as $$
	select coalesce(json_agg(json_strip_nulls(json_build_object('id', t.id, 'title', t.title, 'session', e.title, 'room', r.name,
		'start', iso(x.start), 'abstract', t.abstract)) order by x.start nulls last, t.id), '[]')
	from (select distinct ts.talk from talk_speaker ts join speaker s on s.id = ts.speaker where s.conference = in_conference and s.person = in_person) own
	join talk t on t.id = own.talk join session e on e.id = t.session
	left join lateral (select b.room, lower(b.during) as start from published b
		where b.session = t.session and not b.cancelled order by lower(b.during) limit 1) x on true
	left join room r on r.id = x.room
	where t.conference = in_conference
$$;

create or replace function registration_mine(in_conference uuid, in_person uuid) returns json
language sql stable as $$
	select json_build_object(
		'person', json_build_object('id', p.id, 'name', p.name, 'email', p.email, 'mode', p.mode, 'language', p.language,
			'roles', to_json(people_roles(p.conference, p.id))),
		'conference', json_build_object('title', c.title, 'starts', c.starts, 'ends', c.ends, 'zone', c.zone, 'venue', c.venue),
		'open', s.open, 'questions', to_json(s.questions),
		'left', json_build_object('on_site', registration_room(c.id, 'on_site'), 'online', registration_room(c.id, 'online')),
		'registration', registration_json(p.id),
		'application', (select json_build_object('mode', a.mode, 'text', a.text, 'state', a.state, 'reason', a.reason, 'asked', iso(a.asked))
			from application a where a.person = p.id),
		'waiting', (select json_build_object('mode', w.mode, 'place', waiting_place(w), 'since', iso(w.entered), 'offered', w.invitation)
			from waiting w where w.person = p.id),
		'invitations', (select coalesce(json_agg(invitation_json(i) order by i.state <> 'sent', i.issued desc, i.id), '[]')
			from invitation i where i.conference = c.id and i.person = p.id and i.state <> 'replaced'),
		'abstracts', (select coalesce(json_agg(json_strip_nulls(json_build_object('id', a.id, 'number', a.number, 'title', a.title, 'state', a.state,
			'outcome', a.outcome, 'rank', a.rank)) order by a.number nulls last, a.id), '[]')
			from abstract a where a.conference = c.id and a.person = p.id),
		'talks', registration_talks(c.id, p.id),
		'mails', mail_told(c.id, p.id))
	from person p join conference c on c.id = p.conference cross join lateral registration_settings(c.id) s
	where p.conference = in_conference and p.id = in_person
$$;

-- Whether there is room, for a page: no lock, so no promise. Null: nobody counts.
create or replace function registration_room(in_conference uuid, in_mode text) returns bigint
language sql stable as $$
	select case when registration_places(in_conference, in_mode) is not null
		then greatest(registration_places(in_conference, in_mode) - registration_taken(in_conference, in_mode), 0) end
$$;

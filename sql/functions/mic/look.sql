-- How a queue at the microphones looks: whose turn it is, to the desk, to the chair, and to one who waits.

create or replace function mic_policy(in_conference uuid, in_session uuid) returns text
language sql stable as $$
	select s.mic_policy from qa_settings_of(in_conference, in_session) s
$$;

-- here, away (a page elsewhere has said nothing for 45 s) or behind (for 120 s: those who are there go first, and the place is there
-- again as soon as they are). Whoever is in the hall may put a phone away.
create or replace function mic_presence(e mic_entry) returns text
language sql stable as $$
	select case when e.origin = 'room' or e.seen > now() - interval '45 s' then 'here'
		when e.seen > now() - interval '120 s' then 'away' else 'behind' end
$$;

-- Those who wait, in the order in which they are called. alternate: each side gives its first in turn, beginning with the side that did
-- not have the last turn; a call that came to nothing was none.
create or replace function mic_line_up(in_conference uuid, in_session uuid) returns table (entry uuid, place bigint)
language sql stable as $$
	with waiting as materialized (
		select e.id, e.origin, e.arrival, e.place, p.policy, p.policy <> 'manual' and mic_presence(e) = 'behind' as behind,
			p.policy = 'first_time_first' and exists (select from mic_entry x
				where x.conference = in_conference and x.heard is not null and x.id <> e.id
					and mic_same(x, e)) as before
		from mic_entry e, (select mic_policy(in_conference, in_session) as policy offset 0) p
		where e.conference = in_conference and e.session = in_session and e.state = 'waiting'
	), first_side as materialized (
		select coalesce((select case e.origin when 'room' then 'remote' else 'room' end from mic_entry e
				where e.conference = in_conference and e.session = in_session and e.turn is not null
				order by e.turn desc limit 1),
			(select w.origin from waiting w where not w.behind order by w.arrival limit 1)) as origin
	), sides as (
		select w.*, w.origin is distinct from f.origin as second,
			row_number() over (partition by w.behind, w.origin order by w.arrival) as nth
		from waiting w, first_side f
	)
	select s.id, row_number() over (order by s.behind, s.before,
		case when s.policy = 'manual' then s.place end,
		case when s.policy = 'alternate' then s.nth end, case when s.policy = 'alternate' then s.second end, s.arrival)
	from sides s
$$;

-- Those whose session is anonymous have a number: how many came to its microphones before.
create or replace function mic_name(e mic_entry) returns text
language sql stable as $$
	select case when e.pseudonym is not null then mic_number(e) else coalesce(e.name, (select p.name from person p where p.id = e.person)) end
$$;

create or replace function mic_number(e mic_entry) returns text
language sql stable as $$
	select '#' || count(*) from mic_entry x where x.session = e.session and x.arrival <= e.arrival
$$;

create or replace function mic_is_of(e mic_entry, in_person uuid) returns boolean
language sql stable as $$
	select coalesce(e.person = in_person, e.pseudonym = qa_pseudonym(e.session, in_person), false)
$$;

-- Whom a place's events are for; of a pseudonym it takes a look at everybody.
create or replace function mic_whose(e mic_entry) returns uuid
language sql stable as $$
	select case when e.pseudonym is null then e.person else (
		select p.id from qa_salt s join person p on p.conference = e.conference
		where s.session = e.session and encode(substr(sha256(s.salt || uuid_send(p.id)), 1, 16), 'hex')::uuid = e.pseudonym) end
$$;

-- The same person, as far as the rows tell: a pseudonym is one within its session.
create or replace function mic_same(x mic_entry, e mic_entry) returns boolean
language sql immutable as $$
	select coalesce(x.person = e.person, x.pseudonym = e.pseudonym, x.session = e.session and lower(x.name) = lower(e.name), false)
$$;

-- In the building: let in at a door and not gone since. It informs, it never decides.
create or replace function mic_inside(e mic_entry) returns boolean
language sql stable as $$
	select exists (select from admission a where a.conference = e.conference and a.person = e.person
		and a.undone is null and a.left_at is null)
$$;

-- For the desk.
create or replace function mic_staff(e mic_entry) returns json
language sql stable as $$
	select json_strip_nulls(json_build_object('id', e.id, 'talk', e.talk, 'person', e.person, 'name', left(mic_name(e), 80),
		'origin', e.origin, 'inside', nullif(mic_inside(e), false), 'state', e.state, 'version', e.version,
		'presence', case when e.state in ('waiting', 'called', 'connecting', 'heard') then mic_presence(e) end,
		'first', nullif(not exists (select from mic_entry x where x.conference = e.conference and x.heard is not null
			and x.id <> e.id and mic_same(x, e)), false),
		'muted', nullif(qa_muted(e.conference, e.person, e.pseudonym) is not null, false),
		'question', (select json_build_object('id', q.id, 'text', left(q.text, 160), 'state', q.state, 'version', q.version)
			from question q where q.id = e.question),
		'read_out', nullif(e.read_out, false), 'joined_at', iso(e.joined), 'called_at', iso(e.called), 'heard_at', iso(e.heard),
		'ended_at', iso(e.ended),
		'changed_by', (select json_build_object('id', p.id, 'name', p.name) from person p where p.id = e.changed_by)))
$$;

-- For the one whose place it is: nobody else's name, and not the link itself, only that there is one.
create or replace function mic_own(e mic_entry, in_place bigint, in_waiting bigint) returns json
language sql stable as $$
	select json_strip_nulls(json_build_object('entry', e.id, 'session', e.session, 'talk', e.talk, 'origin', e.origin,
		'state', e.state, 'version', e.version, 'place', in_place, 'waiting', in_waiting, 'question', e.question,
		'called_as', case when e.pseudonym is not null then mic_number(e) end,
		'read_out', nullif(e.read_out, false), 'joined_at', iso(e.joined),
		'bridge', (select b.version from bridge b where b.conference = e.conference and mic_on(e)
			and b.room = talk_room(e.conference, e.talk))))
$$;

-- Whom the link is for: called, and not in the hall.
create or replace function mic_on(e mic_entry) returns boolean
language sql immutable as $$
	select e.origin = 'remote' and e.state in ('called', 'connecting', 'heard')
$$;

-- For the chair's phone.
create or replace function mic_next(in_conference uuid, in_session uuid) returns json
language sql stable as $$
	select json_build_object('session', in_session,
		'mic_on', (select json_build_object('name', mic_name(e), 'origin', e.origin, 'state', e.state) from mic_entry e
			where e.conference = in_conference and e.session = in_session and e.state in ('called', 'connecting', 'heard')
			order by e.state = 'heard' desc, e.turn limit 1),
		'mic_next', (select json_build_object('name', mic_name(e), 'origin', e.origin, 'state', e.state)
			from mic_line_up(in_conference, in_session) l join mic_entry e on e.id = l.entry where l.place = 1),
		'waiting', (select count(*) from mic_entry e
			where e.conference = in_conference and e.session = in_session and e.state = 'waiting'))
$$;

-- The whole queue: those who are on, then those who wait in the order of their turns, then the last five it is over for. As many as fit
-- into an event: in_bytes of their JSON; waiting says how many there are. Null: no such session.
create or replace function mic_queue(in_conference uuid, in_session uuid, in_bytes bigint) returns json
language sql stable as $$
	with line as materialized (
		-- None is shorter than 150 bytes: those that cannot fit are not looked at.
		select x.id, x.place, x.part, mic_staff(x.e) as shown
		from (select e, e.id, l.place, case when e.state in ('called', 'connecting', 'heard') then 0 else 1 end as part
			from mic_entry e left join mic_line_up(in_conference, in_session) l on l.entry = e.id
			where e.conference = in_conference and e.session = in_session
				and e.state in ('waiting', 'called', 'connecting', 'heard')
			order by part, l.place, e.id limit in_bytes / 150) x
	), fitting as (
		select l.*, sum(octet_length(l.shown::text) + 1) over (order by l.part, l.place, l.id) as bytes from line l
	), over as (
		select x.*, sum(octet_length(x.shown::text) + 1) over (order by x.n) as bytes
		from (select mic_staff(e) as shown, row_number() over (order by e.ended desc, e.arrival desc) as n from mic_entry e
			where e.conference = in_conference and e.session = in_session and e.state in ('done', 'skipped', 'left', 'no_show')
			order by n limit 5) x
	)
	select json_build_object('session', s.id,
		'version', coalesce((select m.version from mic_line m where m.session = s.id), 0),
		'policy', mic_policy(in_conference, s.id),
		'settings', coalesce((select q.version from qa_settings q where q.conference = in_conference and q.session = s.id), 0),
		'bridge', coalesce((select b.version from bridge b where b.conference = in_conference
			and b.room = session_room(in_conference, s.id)), 0),
		'waiting', json_build_object(
			'room', (select count(*) from mic_entry e where e.session = s.id and e.state = 'waiting' and e.origin = 'room'),
			'remote', (select count(*) from mic_entry e where e.session = s.id and e.state = 'waiting' and e.origin = 'remote')),
		'entries', coalesce((select json_agg(f.shown order by f.part, f.place, f.id) from fitting f where f.bytes <= in_bytes), '[]'),
		'over', coalesce((select json_agg(o.shown order by o.n) from over o where o.bytes <= 3000), '[]'))
	from session s where s.conference = in_conference and s.id = in_session
$$;

-- What the desk's snapshot holds of it, and the event mic.changed.
create or replace function mic_snapshot(in_conference uuid, in_session uuid) returns json
language sql stable as $$
	select mic_queue(in_conference, in_session, 10000)
$$;

-- Where a session is held: as talk_room(), for sessions.
create or replace function session_room(in_conference uuid, in_session uuid) returns uuid
language sql stable as $$
	select talk_room(in_conference, t.id) from talk t
	where t.conference = in_conference and t.session = in_session order by t.ord limit 1
$$;

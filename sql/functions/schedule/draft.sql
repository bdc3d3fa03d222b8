-- The draft as a reader would see it, and what differs from what is published.

-- A slot as clients see it, in the draft and in public. Put together as text: schedule.get calls it a thousand times, and
-- json_strip_nulls took a third of that method's time.
drop function if exists slot_json(uuid, uuid, uuid, timestamptz, timestamptz, timestamptz, timestamptz, boolean, int, int);
create or replace function slot_json(in_slot uuid, in_session uuid, in_room uuid, starts timestamptz, ends timestamptz,
	started timestamptz, ended timestamptz, cancelled boolean, version int, sequence int, anchor boolean default null,
	min_s int default null, expected_start timestamptz default null, expected_end timestamptz default null,
	assumed boolean default null, unconfirmed boolean default null, added int default null) returns json
language sql stable parallel safe as $$
	select ('{"id":"' || in_slot || '","session":"' || in_session || '","room":"' || in_room
		|| '","start":"' || iso(starts) || '","end":"' || iso(ends)
		|| coalesce('","started":"' || iso(started), '') || coalesce('","ended":"' || iso(ended), '')
		|| '","state":"' || case when cancelled then 'cancelled' when ended is not null then 'ended'
			when started is not null then 'running' else 'planned' end
		|| '","version":' || version || coalesce(',"sequence":' || sequence, '')
		-- Most slots have none of these.
		|| case when expected_start is null and not coalesce(anchor, false) and min_s is null and coalesce(added, 0) = 0 then '' else
			coalesce(',"expected_start":"' || iso(nullif(expected_start, starts)) || '"', '')
			|| coalesce(',"expected_end":"' || iso(nullif(expected_end, ends)) || '"', '')
			|| case when anchor then ',"anchor":true' else '' end || coalesce(',"min_s":' || min_s, '')
			|| case when assumed then ',"assumed":true' else '' end || case when unconfirmed then ',"unconfirmed":true' else '' end
			|| coalesce(',"added":' || nullif(added, 0), '') end || '}')::json
$$;

-- Every slot of the draft with all a reader will see of it. Room and track names are part of it: renaming one changes its slots.
drop function if exists draft_content(uuid);
create or replace function draft_content(in_conference uuid) returns setof slot_target
language sql stable as $$
	with people as (
		select t.session, t.id as talk, t.ord, t.title, coalesce(
			jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'guid', p.guid) order by ts.ord, p.id)
				filter (where p.id is not null), '[]') as speakers
		from session s join talk t on t.session = s.id
			left join talk_speaker ts on ts.talk = t.id
			left join speaker p on p.id = ts.speaker
		where s.conference = in_conference
		group by t.id
	), talks as (
		select session,
			jsonb_agg(jsonb_build_object('id', talk, 'title', title, 'speakers', speakers) order by ord) as talks
		from people group by session
	), speakers as (
		select session, jsonb_agg(speaker order by first_talk, n) as speakers
		from (
			select distinct on (p.session, u.speaker ->> 'id') p.session, u.speaker, p.ord as first_talk, u.n
			from people p, jsonb_array_elements(p.speakers) with ordinality as u(speaker, n)
			order by p.session, u.speaker ->> 'id', p.ord, u.n
		) each_once
		group by session
	)
	select l.id, l.session, l.room, tstzrange(l.starts, l.ends), l.cancelled, l.overlap_ok, l.version, l.anchor, l.min_s,
		jsonb_build_object(
			'guid', s.guid, 'number', s.number, 'slug', s.slug,
			'title', s.title, 'subtitle', s.subtitle, 'abstract', s.abstract, 'description', s.description,
			'language', s.language, 'kind', s.kind, 'url', s.url, 'extra', s.extra, 'room', r.name,
			'track', case when t.id is not null then jsonb_build_object('id', t.id, 'name', t.name, 'color', t.color) end,
			'talks', coalesce(talks.talks, '[]'), 'speakers', coalesce(speakers.speakers, '[]'))
	from slot l
		join session s on s.id = l.session
		join room r on r.id = l.room
		left join track t on t.id = s.track
		left join talks on talks.session = s.id
		left join speakers on speakers.session = s.id
	where l.conference = in_conference
$$;

-- Who hears of a change that concerns them.
create or replace function news_release(in_conference uuid, in_release int) returns int
language sql as $$
	select 0
$$;
create or replace function news_release_people(in_conference uuid, in_diff jsonb) returns int
language sql as $$
	select 0
$$;
create or replace function news_release_stop(in_conference uuid, in_release int) returns int
language sql as $$
	select null::int
$$;
create or replace function news_expected(in_conference uuid, in_slot uuid, in_before timestamptz, in_after timestamptz)
returns ev[]
language sql as $$
	select '{}'::ev[]
$$;
create or replace function room_notices(in_conference uuid, in_room uuid) returns json
language sql stable as $$
	select '[]'::json
$$;

-- One piece of news as its owner sees it.
create or replace function news_json(n news) returns json
language sql stable as $$
	select json_build_object('id', n.id, 'kind', n.kind, 'slot', n.slot, 'session', n.session, 'title', n.title,
		'before', n.before, 'after', n.after, 'at', iso(n.at), 'read', n.read is not null)
$$;

-- Whom a session concerns: who starred it and who speaks in it, as long as they have part in the conference. in_by: who starred it later
-- than that has seen it as it is.
create or replace function news_hearers(in_conference uuid, in_session uuid, in_by timestamptz default 'infinity')
returns table (person uuid)
language sql stable as $$
	select x.person from (
		select s.person from star s where s.session = in_session and s.conference = in_conference and s.at <= in_by
		union
		select p.person from talk t join talk_speaker ts on ts.talk = t.id join speaker p on p.id = ts.speaker
		where t.session = in_session and t.conference = in_conference and p.person is not null
	) x where people_roles(in_conference, x.person) <> '{}'
$$;

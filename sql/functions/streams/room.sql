-- What a player needs to know of a room, and which of its entries plays.

-- "cdn.example.org:8443" of an address: what stands in lists and policies.
create or replace function stream_host_of(url text) returns text
language sql immutable parallel safe as $$
	select lower(substring(url from '^https?://([^/?#]*)'))
$$;

-- The entry that plays by the clock: of those whose time it is the one that began last, for it was meant for this moment.
create or replace function stream_by_clock(in_room uuid, at timestamptz) returns uuid
language sql stable as $$
	select id from stream
	where room = in_room and (starts is null or starts <= at) and (ends is null or ends > at)
	order by starts desc nulls last, created, id limit 1
$$;

-- links: whether the addresses of links are in it. In what goes to a channel they never are: who may follow one asks for it.
create or replace function stream_document(in_conference uuid, in_room uuid, in_links boolean) returns json
language sql stable as $$
	select json_build_object(
		'room', r.id,
		'current', coalesce(l.stream, stream_by_clock(r.id, plenum_now(in_conference))),
		'switched', l.stream is not null,
		'hold', case when l.hold_since is not null then json_build_object('text', l.hold_text,
			'back_at', iso(l.hold_back), 'since', iso(l.hold_since)) end,
		'streams', coalesce((select json_agg(json_build_object(
				'id', s.id, 'kind', s.kind, 'url', case when in_links or s.kind <> 'link' then s.url end,
				'label', s.label, 'language', s.language, 'latency_ms', s.latency_ms,
				'starts', iso(s.starts), 'ends', iso(s.ends), 'audio_url', s.audio_url,
				'captions_url', s.captions_url, 'version', s.version)
			order by s.starts desc nulls last, s.created, s.id) from stream s where s.room = r.id), '[]'))
	from room r left join room_live l on l.room = r.id
	where r.id = in_room and r.conference = in_conference
$$;

create or replace function room_streams(in_conference uuid, in_room uuid) returns json
language sql stable as $$
	select stream_document(in_conference, in_room, false)
$$;

create or replace function stream_changed(in_conference uuid, in_room uuid) returns ev[]
language sql stable as $$
	select array[row('room:' || in_room, 'stream.changed', room_streams(in_conference, in_room))::ev]
$$;

-- What calendars say of a room's streams, by slot, as sql/queries/feed/content.sql chooses them, and where that leads.
create or replace function stream_words(in_conference uuid, in_room uuid) returns jsonb
language sql stable as $$
	select coalesce(jsonb_object_agg(p.slot, (
		select jsonb_agg(jsonb_build_array(s.language, s.label, s.url) order by s.language, s.label, s.url) from stream s
		where s.room = p.room and coalesce(s.starts < upper(p.during), true) and coalesce(s.ends > lower(p.during), true))), '{}')
	from published p
	where p.conference = in_conference and p.room = in_room
$$;

-- Calendars and the programme follow: each slot of which they say something else, or lead elsewhere, is a revision, also one that is over, whose words must not
-- change unsaid. Beyond 50 slots a client fetches the whole programme anyway.
drop function if exists stream_touch(uuid, uuid);
create or replace function stream_touch(in_conference uuid, in_room uuid, before jsonb) returns ev[]
language plpgsql as $$
declare
	touched uuid[] := array(select x.key::uuid from jsonb_each(stream_words(in_conference, in_room)) x
		where before -> x.key is distinct from x.value);
begin
	perform published_touch(in_conference, touched);
	if cardinality(touched) > 50 then
		return array(select row('schedule', 'conference.edited', conference_draft(c))::ev from conference c where c.id = in_conference);
	end if;
	return array(select row('schedule', 'slot.changed', slot_shown(p.slot))::ev from published p
		where p.slot = any (touched) order by lower(p.during), p.slot);
end $$;

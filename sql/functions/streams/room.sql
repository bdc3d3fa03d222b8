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

-- A calendar names where a slot can be watched: each of the room's, also one that is over, whose words must not change unsaid.
create or replace function stream_touch(in_conference uuid, in_room uuid) returns void
language sql as $$
	select published_touch(in_conference, array(select slot from published
		where conference = in_conference and room = in_room))
$$;

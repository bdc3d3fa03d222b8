-- Entries of a room's virtual side, outside any release: made, changed, taken away.

-- Under the room's lock, so that what is sent is what is there. An event holds eight entries with the longest addresses.
create or replace function stream_set(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, new stream, in_starts text, in_ends text,
	in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	old stream;
	times record;
	before jsonb;
begin
	select * into times from draft_times(in_conference, in_starts, in_ends);
	if times.fault is not null then
		return query select null::text, times.fault, times.current::json;
		return;
	end if;
	new.starts := times.starts;
	new.ends := times.ends;
	perform from room r where r.id = new.room and r.conference = in_conference for no key update;
	if not found then
		return;
	end if;
	if new.kind = 'embed' and not exists (select from stream_host h
		where h.conference = in_conference and h.use = 'embed' and h.host = stream_host_of(new.url)) then
		return query select null::text, 'stream.host', null::json;
		return;
	end if;
	select * into old from stream s where s.id = new.id for update;
	if old.id is not null and (old.conference <> in_conference or old.room <> new.room) then
		return;
	end if;
	if old.version is distinct from in_expect then
		return query select null::text, 'conflict', json_build_object('stream', old.id, 'version', old.version);
		return;
	end if;
	if old.id is null and (select count(*) from stream s where s.room = new.room) >= 8 then
		return query select null::text, 'limit.size', null::json;
		return;
	end if;
	before := stream_words(in_conference, new.room);
	new.version := coalesce(old.version, 0) + 1;
	new.created := coalesce(old.created, now());
	new.conference := in_conference;
	insert into stream select new.* on conflict on constraint stream_key do update set
		kind = excluded.kind, url = excluded.url, label = excluded.label, language = excluded.language,
		latency_ms = excluded.latency_ms, starts = excluded.starts, ends = excluded.ends,
		audio_url = excluded.audio_url, captions_url = excluded.captions_url, version = excluded.version;
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('stream', new.id, 'version', new.version), stream_changed(in_conference, new.room)
			|| stream_touch(in_conference, new.room, before)),
		null::text, null::json;
end $$;

create or replace function stream_remove(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_stream uuid, in_expect int)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	old stream;
	before jsonb;
begin
	perform from room r where r.id = (select s.room from stream s where s.id = in_stream and s.conference = in_conference)
	for no key update;
	select * into old from stream s where s.id = in_stream and s.conference = in_conference for update;
	if old.id is null then
		return;
	end if;
	if old.version <> in_expect then
		return query select null::text, 'conflict', json_build_object('stream', old.id, 'version', old.version);
		return;
	end if;
	before := stream_words(in_conference, old.room);
	delete from stream s where s.id = old.id;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('stream', old.id),
		stream_changed(in_conference, old.room) || stream_touch(in_conference, old.room, before)), null::text, null::json;
end $$;

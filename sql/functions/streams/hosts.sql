-- Which hosts a page may show and play from.

create or replace function stream_host_list(in_conference uuid, in_use text) returns json
language sql stable as $$
	select coalesce(json_agg(host order by host), '[]') from stream_host where conference = in_conference and use = in_use
$$;

-- Each list as it shall be; null leaves it, so that without lists this says what they are. A host that an entry still embeds stays, or its players would show nothing.
create or replace function stream_hosts(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_embed jsonb, in_media jsonb)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	lists jsonb := jsonb_strip_nulls(jsonb_build_object('embed', in_embed, 'media', in_media));
	one record;
begin
	for one in select l.key, l.value from jsonb_each(lists) l loop
		if jsonb_typeof(one.value) <> 'array' or jsonb_array_length(one.value) > 20
			or exists (select from jsonb_array_elements(one.value) h where jsonb_typeof(h) <> 'string') then
			return query select null::text, 'bad_request', null::json;
			return;
		end if;
	end loop;
	perform from conference c where c.id = in_conference for no key update;
	if exists (select from stream s where s.conference = in_conference and s.kind = 'embed' and lists ? 'embed'
		and not lists -> 'embed' ? stream_host_of(s.url)) then
		return query select null::text, 'stream.host', null::json;
		return;
	end if;
	delete from stream_host h where h.conference = in_conference and lists ? h.use;
	insert into stream_host (conference, use, host)
	select distinct in_conference, l.key, h.host from jsonb_each(lists) l, jsonb_array_elements_text(l.value) h(host);
	insert into audit (conference, actor, action, subject, detail)
	select in_conference, in_actor, 'stream.hosts', in_conference::text, lists where lists <> '{}';
	return query select write_done(in_conference, in_actor, in_key, in_hash,
		json_build_object('embed', stream_host_list(in_conference, 'embed'), 'media', stream_host_list(in_conference, 'media')),
		'{}'::ev[]), null::text, null::json;
end $$;

-- What the page's policy lets in: the lists, and where the entries themselves come from.
create or replace function stream_policy(in_conference uuid) returns json
language sql stable as $$
	select json_build_object(
		'frames', stream_host_list(in_conference, 'embed'),
		'media', (select coalesce(json_agg(distinct m.host order by m.host), '[]') from (
			select host from stream_host where conference = in_conference and use = 'media'
			union
			select stream_host_of(u.url) from stream s, unnest(array[s.url, s.audio_url, s.captions_url]) u(url)
			where s.conference = in_conference and s.kind = 'hls' and u.url is not null) m))
$$;

-- A speaker who is erased: in the draft, in what is published and in every release before it the talk stays and the name does not.

-- Speakers that are the person; also one that is nobody's and has the name that only they have.
create or replace function erase_speakers(p person) returns uuid[]
language sql stable as $$
	select coalesce(array_agg(s.id), '{}') from speaker s
	where s.conference = p.conference and (s.person = p.id or s.person is null and p.name ~ '\S\s+\S' and people_fold(s.name) = people_fold(p.name)
		and not exists (select from person q where q.conference = p.conference and q.id <> p.id and people_fold(q.name) = people_fold(p.name)))
$$;

-- Speakers of a list by their ids, without name and guid.
create or replace function erase_listed(listed jsonb, speakers uuid[]) returns jsonb
language sql immutable as $$
	select coalesce(jsonb_agg(case when (x ->> 'id')::uuid = any (speakers) then x || jsonb_build_object('name', '[…]', 'guid', x ->> 'id') else x end
		order by i), '[]')
	from jsonb_array_elements(listed) with ordinality as u(x, i)
$$;

create or replace function erase_content(content jsonb, speakers uuid[]) returns jsonb
language sql immutable as $$
	select content || jsonb_build_object('speakers', erase_listed(content -> 'speakers', speakers), 'talks', coalesce((
		select jsonb_agg(t || jsonb_build_object('speakers', erase_listed(t -> 'speakers', speakers)) order by i)
		from jsonb_array_elements(content -> 'talks') with ordinality as u(t, i)), '[]'))
$$;

create or replace function erase_names(content jsonb, speakers uuid[]) returns boolean
language sql immutable as $$
	select exists (select from jsonb_array_elements(content -> 'speakers') x where (x ->> 'id')::uuid = any (speakers) and x ->> 'name' <> '[…]')
$$;

-- What is published becomes so by a release, as any change does: calendars, pages and files hear of it. Then the past loses the name.
create or replace function erase_programme(p person) returns jsonb
language plpgsql as $$
declare
	speakers uuid[] := erase_speakers(p);
	names text[];
	targets slot_target[];
	made record;
	counts jsonb := '{}';
	token text;
	n bigint;
begin
	if speakers = '{}' then
		return counts;
	end if;
	select array_agg(distinct s.name) into names from speaker s where s.id = any (speakers);
	update speaker s set name = '[…]', guid = s.id::text, extra = '{}', person = null, version = s.version + 1 where s.id = any (speakers);
	get diagnostics n = row_count;
	counts := erase_count(counts, 'speaker', n);
	select array_agg(row(l.slot, l.session, l.room, l.during, l.cancelled, l.overlap_ok, l.version, l.anchor, l.min_s,
		erase_content(l.content, speakers))::slot_target) into targets
	from published l
	where l.conference = p.conference and erase_names(l.content, speakers);
	if targets is not null then
		select * into made from release_put(p.conference, null, '', true, targets, null) r;
		if made.fault is not null then
			raise exception 'erase: %', made.fault using errcode = 'serialization_failure';
		end if;
		perform channel_append(p.conference, made.evs);
		counts := erase_count(counts, 'published', cardinality(targets));
	end if;
	update slot_revision v set content = erase_content(v.content, speakers)
	where v.conference = p.conference and erase_names(v.content, speakers);
	get diagnostics n = row_count;
	counts := erase_count(counts, 'slot_revision', n);
	foreach token in array names loop
		-- Names of speakers stand as values in what a release and the news of it say was before and after.
		token := to_json(token)::text;
		update release r set diff = replace(r.diff::text, token, '"[…]"')::jsonb where r.conference = p.conference and strpos(r.diff::text, token) > 0;
		update news x set before = replace(x.before::text, token, '"[…]"')::jsonb, after = replace(x.after::text, token, '"[…]"')::jsonb
		where x.conference = p.conference and strpos(concat(x.before, x.after), token) > 0;
		update news_held x set before = replace(x.before::text, token, '"[…]"')::jsonb, after = replace(x.after::text, token, '"[…]"')::jsonb
		where x.conference = p.conference and strpos(concat(x.before, x.after), token) > 0;
		update news_mail x set heard = replace(x.heard::text, token, '"[…]"')::jsonb, after = replace(x.after::text, token, '"[…]"')::jsonb
		where x.conference = p.conference and strpos(concat(x.heard, x.after), token) > 0;
	end loop;
	return counts;
end $$;

-- Posters: who has one, their numbers, the talks under which they are asked about; and the book of what was accepted.

create or replace function abstract_authors_json(in_abstract uuid) returns json
language sql stable as $$
	select coalesce(json_agg(json_build_object('name', w.name, 'affiliation', w.affiliation, 'presents', w.presents) order by w.ord), '[]')
	from abstract_author w where w.abstract = in_abstract
$$;

-- The first of them in the conference's order is the one it stands under.
create or replace function abstract_topics_json(in_abstract uuid) returns json
language sql stable as $$
	select coalesce(json_agg(json_build_object('id', k.id, 'name', k.name, 'color', k.color) order by k.ord, k.name), '[]')
	from abstract_track x join track k on k.id = x.track where x.abstract = in_abstract
$$;

create or replace function poster_presenter(a abstract) returns text
language sql stable as $$
	select coalesce((select w.name from abstract_author w where w.abstract = a.id and w.presents),
		(select w.name from abstract_author w where w.abstract = a.id order by w.ord limit 1), p.name)
	from person p where p.id = a.person
$$;

-- What the abstracts are whose outcome is poster; files: whether the reader may have them.
create or replace function posters_json(in_conference uuid, in_files boolean) returns json
language sql stable as $$
	select coalesce(json_agg(json_strip_nulls(json_build_object('abstract', a.id, 'number', n.number, 'submission', a.number, 'title', a.title,
			'topics', abstract_topics_json(a.id), 'presenter', poster_presenter(a), 'mode', coalesce(m.mode, a.mode),
			'authors', abstract_authors_json(a.id), 'ready', f.id is not null, 'file', case when in_files then f.id end,
			'size', case when in_files then f.size end, 'name', case when in_files then f.name end, 'talk', t.id))
		order by n.number nulls last, a.number, a.id), '[]')
	from abstract a left join poster n on n.abstract = a.id
		left join lateral (select x.* from file x where x.abstract = a.id and x.kind = 'poster' and x.state = 'ready'
			order by x.touched desc limit 1) f on true
		-- A registered presenter's own mode is newer than what was meant when it was submitted.
		left join lateral (select p.mode from person p join registration r on r.person = p.id and r.state = 'confirmed'
			where p.conference = a.conference and case when exists (select from abstract_author w where w.abstract = a.id and w.presents)
				then p.email = (select w.email from abstract_author w where w.abstract = a.id and w.presents) else p.id = a.person end) m on true
		-- Asked about is what people can find: it is in the released programme.
		left join talk t on t.abstract = a.id and exists (select from published p where p.conference = a.conference and p.session = t.session
			and not p.cancelled and p.content -> 'talks' @> jsonb_build_array(jsonb_build_object('id', t.id)))
	where a.conference = in_conference and a.outcome = 'poster' and a.state = 'submitted'
$$;

create or replace function poster_list(in_conference uuid, in_actor uuid) returns table (reply text, fault text)
language sql stable as $$
	select case when x.open or x.organiser then json_build_object('open', x.open, 'files', x.files,
			'posters', posters_json(in_conference, x.files))::text end,
		case when not x.open and not x.organiser then 'book.closed' end
	from (select coalesce((select b.posters from book b where b.conference = in_conference), false) as open,
		file_organiser(in_conference, in_actor) as organiser, file_takes_part(in_conference, in_actor) as files) x
$$;

-- For organisers: what is set, which sessions there are, all posters.
create or replace function poster_board(in_conference uuid) returns json
language sql stable as $$
	select json_build_object(
		'settings', json_build_object('posters', coalesce(b.posters, false), 'open', coalesce(b.open, false), 'session', b.session),
		'sessions', coalesce((select json_agg(json_build_object('id', s.id, 'title', s.title,
			'start', iso((select min(x.starts) from slot x where x.session = s.id and not x.cancelled))) order by s.title, s.id)
			from session s where s.conference = in_conference), '[]'),
		'posters', posters_json(in_conference, true))
	from (values (1)) one left join book b on b.conference = in_conference
$$;

-- Every poster has a talk in the session of the posters.
create or replace function poster_talks(in_conference uuid) returns void
language plpgsql as $$
declare
	held uuid := (select b.session from book b where b.conference = in_conference);
	a uuid;
begin
	if held is null then
		return;
	end if;
	for a in select n.abstract from poster n join abstract x on x.id = n.abstract
		where n.conference = in_conference and x.outcome = 'poster' and x.state = 'submitted'
			and not exists (select from talk t where t.abstract = x.id and t.session = held)
		order by n.number
	loop
		perform talk_of_abstract(in_conference, a, held);
	end loop;
end $$;

-- Those without a number get one behind the others', topic by topic, as they were submitted; whoever has one keeps it. One after the other.
create or replace function poster_arrange(in_conference uuid) returns int
language plpgsql as $$
declare
	n int;
begin
	perform from conference k where k.id = in_conference for no key update;
	with first as (
		select a.id, a.number, min(k.ord) as topic from abstract a
			left join abstract_track x on x.abstract = a.id left join track k on k.id = x.track
		where a.conference = in_conference and a.outcome = 'poster' and a.state = 'submitted'
			and not exists (select from poster o where o.abstract = a.id)
		group by a.id
	)
	insert into poster (conference, abstract, number)
	select in_conference, f.id, coalesce((select max(o.number) from poster o where o.conference = in_conference), 0)
		+ row_number() over (order by f.topic nulls last, f.number, f.id)
	from first f;
	get diagnostics n = row_count;
	perform poster_talks(in_conference);
	return n;
end $$;

create or replace function book_save(in_conference uuid, in_posters boolean, in_open boolean, in_session uuid)
returns table (fault text)
language plpgsql as $$
begin
	if in_session is not null and not exists (select from session s where s.conference = in_conference and s.id = in_session) then
		return query select 'not_found';
		return;
	end if;
	-- As poster_arrange does: of two at once the later sees what the other made, and no poster stays without its talk.
	perform from conference k where k.id = in_conference for no key update;
	insert into book (conference, posters, open, session) values (in_conference, in_posters, in_open, in_session)
	on conflict on constraint book_key do update set posters = excluded.posters, open = excluded.open, session = excluded.session;
	perform poster_talks(in_conference);
	return query select null::text;
end $$;

-- Whoever is to hand in a PDF and has not is asked to, once a day at most. Returns how many.
create or replace function poster_remind(in_conference uuid, in_until text) returns int
language plpgsql as $$
declare
	a abstract;
	who uuid;
	n int := 0;
begin
	for a in select x.* from abstract x where x.conference = in_conference and x.outcome = 'poster' and x.state = 'submitted'
		and not exists (select from file f where f.abstract = x.id and f.state = 'ready')
	loop
		-- Who presents it, if we know them, else who submitted it.
		select coalesce((select p.id from abstract_author w join person p on p.email = w.email and p.conference = in_conference
			where w.abstract = a.id and w.presents), a.person) into who;
		perform mail_tell(in_conference, who, 'file.wanted', a.id || ':' || to_char(plenum_now(in_conference), 'YYYYMMDD'),
			jsonb_build_object('title', a.title, 'until', in_until));
		n := n + 1;
	end loop;
	return n;
end $$;

-- The book: what was accepted, as it stands on paper. Posters by their number, talks by the session they are in.
create or replace function book_json(in_conference uuid) returns json
language sql stable as $$
	select json_build_object('open', coalesce((select b.open from book b where b.conference = in_conference), false),
		'abstracts', coalesce((select json_agg(json_strip_nulls(json_build_object('abstract', a.id, 'number', case when a.outcome = 'poster' then n.number end,
				'submission', a.number, 'kind', a.outcome, 'title', a.title, 'body', a.body, 'topics', abstract_topics_json(a.id),
				'authors', abstract_authors_json(a.id), 'session', s.title, 'talk', t.id))
			order by a.outcome desc, n.number nulls last, s.title, t.ord, a.number, a.id)
		from abstract a left join poster n on n.abstract = a.id
			left join talk t on t.abstract = a.id left join session s on s.id = coalesce(t.session, a.session)
		where a.conference = in_conference and a.state = 'submitted' and a.outcome in ('talk', 'poster')), '[]'))
$$;

-- Which of the two pages are open to somebody and have something in them: nothing leads to an empty one.
create or replace function book_pages(in_conference uuid) returns text[]
language sql stable as $$
	select array_remove(array[
		case when b.posters and exists (select from abstract a where a.conference = in_conference and a.state = 'submitted'
			and a.outcome = 'poster') then 'posters' end,
		case when b.open and exists (select from abstract a where a.conference = in_conference and a.state = 'submitted'
			and a.outcome in ('talk', 'poster')) then 'book' end], null)
	from (values (1)) one left join book b on b.conference = in_conference
$$;

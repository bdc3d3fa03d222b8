-- From an abstract to a talk of the draft, and out of it again; and how both get into the programme.

-- Who presents. Somebody without an address of their own is reached through who submitted it. plpgsql keeps its plan: it is asked some
-- thousand times when decisions are applied.
create or replace function abstract_presenter(in_conference uuid, in_abstract uuid, out person uuid, out name text, out email text)
language plpgsql stable as $$
#variable_conflict use_column
begin
	select case when w.email is null then o.id else p.id end, coalesce(w.name, o.name), coalesce(w.email, o.email)
	into person, name, email
	from abstract a join person o on o.id = a.person
		left join abstract_author w on w.abstract = a.id and w.presents
		left join person p on p.conference = a.conference and p.email = w.email
	where a.conference = in_conference and a.id = in_abstract;
end $$;

-- The same, and whoever is not known here yet is from now on.
create or replace function abstract_presenter_made(in_conference uuid, in_abstract uuid, out person uuid, out name text)
language plpgsql as $$
declare
	known record;
begin
	select * into known from abstract_presenter(in_conference, in_abstract);
	name := known.name;
	person := known.person;
	if person is null then
		insert into person as p (conference, email, name, mode, language)
		select in_conference, known.email, known.name, a.mode, o.language
		from abstract a join person o on o.id = a.person where a.id = in_abstract
		on conflict on constraint person_email_once do update set email = excluded.email
		returning p.id into person;
	end if;
end $$;

create or replace function abstract_speaker(in_conference uuid, in_abstract uuid) returns uuid
language plpgsql as $$
declare
	who record;
	made uuid;
begin
	select * into who from abstract_presenter_made(in_conference, in_abstract);
	select s.id into made from speaker s
	where s.conference = in_conference and s.person = who.person and people_fold(s.name) = people_fold(who.name)
	order by s.id limit 1;
	if made is null then
		insert into speaker (conference, guid, name, person) values (in_conference, gen_random_uuid()::text, who.name, who.person)
		returning id into made;
	end if;
	return made;
end $$;

-- The abstract's talk in that session: at the place given, or behind the others. What it has already it keeps. A session that was only
-- itself (its one talk has its title and nobody speaks in it) becomes its first talk, so that ids which people have seen go on.
create or replace function talk_of_abstract(in_conference uuid, in_abstract uuid, in_session uuid, in_ord int default null) returns uuid
language plpgsql as $$
declare
	held abstract;
	made talk;
	who uuid;
	place int := in_ord;
begin
	select * into held from abstract a where a.id = in_abstract and a.conference = in_conference;
	select * into made from talk t where t.abstract = in_abstract and t.conference = in_conference;
	if held.id is null or made.session = in_session then
		return made.id;
	end if;
	perform from talk t where t.session = in_session order by t.ord for update;
	if place is null then
		select coalesce(max(t.ord), 0) + 1 into place from talk t where t.session = in_session;
	else
		update talk t set ord = t.ord + 1 where t.session = in_session and t.ord >= place
			and exists (select from talk o where o.session = in_session and o.ord = place);
	end if;
	if made.id is null then
		select t.* into made from talk t join session s on s.id = t.session
		where t.session = in_session and t.title = s.title and t.abstract is null and t.started is null
			and not exists (select from talk o where o.session = in_session and o.id <> t.id)
			and not exists (select from talk_speaker ts where ts.talk = t.id) and not talk_used(t);
	end if;
	if made.id is not null then
		update talk t set session = in_session, abstract = in_abstract, title = held.title,
			ord = case when t.session = in_session then t.ord else place end
		where t.id = made.id;
	else
		insert into talk (conference, session, ord, title, abstract) values (in_conference, in_session, place, held.title, in_abstract)
		returning * into made;
	end if;
	who := abstract_speaker(in_conference, in_abstract);
	delete from talk_speaker ts where ts.talk = made.id;
	insert into talk_speaker (talk, speaker, ord) values (made.id, who, 1);
	return made.id;
end $$;

-- It has begun, or people have asked or voted there: such a talk stays.
create or replace function talk_used(t talk) returns boolean
language sql stable as $$
	select t.started is not null or exists (select from question q where q.talk = t.id) or exists (select from poll p where p.talk = t.id)
		or exists (select from mic_entry m where m.talk = t.id)
$$;

-- Nobody holds the abstract's talk any more: where it was. One with questions stays in the draft without a speaker, behind the others.
create or replace function talk_free(in_conference uuid, in_abstract uuid, out session uuid, out ord int)
language plpgsql as $$
declare
	held talk;
begin
	select * into held from talk t where t.abstract = in_abstract and t.conference = in_conference for update;
	session := held.session;
	ord := held.ord;
	if held.id is null then
		return;
	elsif talk_used(held) then
		update talk t set abstract = null, ord = (select max(o.ord) + 1 from talk o where o.session = held.session) where t.id = held.id;
		delete from talk_speaker ts where ts.talk = held.id;
	else
		delete from talk t where t.id = held.id;
	end if;
end $$;

-- Organisers who have the session open see that its talks are others.
create or replace function session_touched(in_conference uuid, sessions uuid[]) returns ev[]
language plpgsql as $$
declare
	s session;
	evs ev[] := '{}';
begin
	for s in update session x set version = x.version + 1 where x.conference = in_conference and x.id = any (sessions) returning x.* loop
		evs := evs || draft_ev('session.saved', session_draft(s));
	end loop;
	return evs;
end $$;

-- The talks of these sessions as the draft has them, and nothing else of it, become what people see: a release of its own with its
-- difference. A session that is not in the programme waits for the organisers' release. The conference's row is held.
create or replace function release_talks(in_conference uuid, in_actor uuid, sessions uuid[], in_note text,
	out number int, out evs ev[], out fault text, out current json)
language plpgsql as $$
#variable_conflict use_column
declare
	targets slot_target[];
begin
	targets := array(select row(p.slot, p.session, p.room, p.during, p.cancelled, p.overlap_ok, p.version, p.anchor, p.min_s,
			p.content || jsonb_build_object('talks', d.content -> 'talks', 'speakers', d.content -> 'speakers'))::slot_target
		from published p join draft_content(in_conference) d on d.slot = p.slot
		where p.conference = in_conference and p.session = any (sessions) and not p.cancelled order by p.slot);
	evs := '{}';
	if cardinality(targets) = 0 then
		return;
	end if;
	select r.number, coalesce(r.evs, '{}'), r.fault, r.current into number, evs, fault, current
	from release_put(in_conference, in_actor, in_note, false, targets, null) r;
	if fault = 'release.nothing' then
		fault := null;
	end if;
end $$;

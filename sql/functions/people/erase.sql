-- Erasing a person by address (decision 42): what is theirs goes, what is others' truth stays without them.

-- What would break; null: nothing. Their names in a published programme are left to whoever says so (force).
create or replace function erase_refused(p person, in_force boolean) returns text
language sql stable as $$
	select case
		when exists (select from role_grant g where g.person = p.id and g.role = 'organiser') and not exists (
			select from role_grant g where g.conference = p.conference and g.role = 'organiser' and g.person <> p.id) then 'erase.last_organiser'
		when exists (select from talk t join talk_speaker ts on ts.talk = t.id
				where ts.speaker = any (erase_speakers(p)) and t.started is not null and t.ended is null)
			or exists (select from mic_entry m where m.person = p.id and m.state in ('called', 'connecting', 'heard'))
			or exists (select from question q where q.person = p.id and q.state = 'on_stage') then 'erase.on_stage'
		when not in_force and exists (select from published l, jsonb_array_elements(l.content -> 'speakers') x
			where l.conference = p.conference and (x ->> 'id')::uuid = any (erase_speakers(p))) then 'erase.published' end
$$;

-- Rows that point at the person, by table, before any is touched.
create or replace function erase_held(in_person uuid) returns jsonb
language plpgsql as $$
declare
	ref record;
	n bigint;
	counts jsonb := '{"person":1}';
begin
	for ref in
		select k.conrelid::regclass as tab, string_agg(format('%I = $1', a.attname), ' or ') as cond
		from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
		where k.contype = 'f' and k.confrelid = 'person'::regclass group by 1
		union all select 'vote', 'person = $1' union all select 'poll_vote', 'person = $1' union all select 'reply', 'person = $1'
	loop
		execute format('select count(*) from %s where %s', ref.tab, ref.cond) into n using in_person;
		counts := erase_count(counts, ref.tab::text, n);
	end loop;
	return counts;
end $$;

-- What stays, without them: that a ticket was let in, that a scan was made, that two scans did not agree.
create or replace function erase_kept(p person) returns void
language plpgsql as $$
begin
	update judgement j set result = (j.result::jsonb - 'person')::json
	from scan s where s.scan_id = j.scan and s.person = p.id and j.result::jsonb ? 'person';
	update admission a set undo_reason = '' where a.conference = p.conference and a.undone_by = p.id and a.undo_reason is not null;
	update admission a set person = null where a.person = p.id;
	update scan s set person = null where s.person = p.id;
	update scan s set staff = null, staff_erased = true where s.staff = p.id;
	update conflict c set note = null where c.conference = p.conference and c.settled_by = p.id;
	update conflict c set person = null where c.person = p.id;
	update desk d set offered_to = null, offered_by = null, note = '', at = null
	where d.conference = p.conference and p.id in (d.offered_to, d.offered_by);
	update desk d set note = '' where d.conference = p.conference and d.lead = p.id;
end $$;

-- What they wrote in their own name and the deletion of their row does not reach.
create or replace function erase_written(p person) returns void
language plpgsql as $$
begin
	delete from backstage b where b.conference = p.conference and b.by_actor = p.id;
	update backstage b set acked_name = '[…]' where b.conference = p.conference and b.acked_by = p.id;
	update decision d set note = '' where d.by_person = p.id and d.note <> '';
	update decision_log d set note = '' where d.conference = p.conference and d.actor = p.id and d.note <> '';
	update print_job j set reason = '[…]' where j.conference = p.conference and j.by_person = p.id and j.reason is not null;
	-- What was found out about them, and what they gave for a reason.
	update audit a set detail = '{}' where a.conference = p.conference and a.subject = p.id::text and a.detail <> '{}';
	update audit a set detail = a.detail - array['reason', 'note', 'text', 'name', 'email']
	where a.conference = p.conference and a.actor = p.id and a.detail ?| array['reason', 'note', 'text', 'name', 'email'];
	-- Whoever searched for them typed a part of their name.
	update door_search s set text = '' where s.conference = p.conference and char_length(s.text) > 0
		and (strpos(p.folded, people_fold(s.text)) > 0 or strpos(p.email, lower(s.text)) > 0);
end $$;

-- Abstracts: theirs go, but one whose author has a row of their own here is that author's from now on.
create or replace function erase_abstracts(p person) returns bigint
language plpgsql as $$
declare
	n bigint;
begin
	delete from abstract_draft d using abstract a where a.id = d.abstract and a.person = p.id;
	update abstract a set person = o.other
	from (select distinct on (u.abstract) u.abstract, q.id as other
		from abstract_author u join person q on q.conference = u.conference and q.email = u.email
		where u.conference = p.conference and q.id <> p.id order by u.abstract, u.ord) o
	where a.person = p.id and o.abstract = a.id and a.state <> 'draft';
	update abstract_author u set name = '[…]', affiliation = '', email = null
	where u.conference = p.conference and (u.email = p.email or u.email is null and u.called = people_fold(p.name));
	get diagnostics n = row_count;
	return n;
end $$;

-- Rows that have the address and no person.
create or replace function erase_address(in_conference uuid, in_email text) returns jsonb
language plpgsql as $$
declare
	counts jsonb := '{}';
	tab text;
	n bigint;
begin
	foreach tab in array array['sign_in', 'sign_in_try', 'call_late'] loop
		execute format('delete from %I where conference = $1 and email = $2', tab) using in_conference, in_email;
		get diagnostics n = row_count;
		counts := erase_count(counts, tab, n);
	end loop;
	delete from outbox o where o.conference = in_conference and o.recipient = in_email;
	get diagnostics n = row_count;
	counts := erase_count(counts, 'outbox', n);
	update abstract_author u set name = '[…]', affiliation = '', email = null where u.conference = in_conference and u.email = in_email;
	get diagnostics n = row_count;
	return erase_count(counts, 'abstract_author', n);
end $$;

-- Nobody else here is called the same: only then is a name in what others wrote taken for theirs.
create or replace function erase_alone(p person) returns boolean
language sql stable as $$
	select not exists (select from person q where q.conference = p.conference and q.id <> p.id and people_fold(q.name) = people_fold(p.name))
		and not exists (select from speaker s where s.conference = p.conference and people_fold(s.name) = people_fold(p.name)
			and s.person is not null and s.person <> p.id)
		and not exists (select from abstract_author u where u.conference = p.conference and u.called = people_fold(p.name) and u.email <> p.email)
$$;

-- One person with all there is, or what a conference has of an address without a person. Counts by table.
create or replace function erase_one(in_conference uuid, in_email text) returns jsonb
language plpgsql as $$
declare
	p person;
	pseudonym uuid := gen_random_uuid();
	counts jsonb := '{}';
	words text[] := array[in_email];
	alone boolean;
	w record;
begin
	select * into p from person x where x.conference = in_conference and x.email = in_email;
	if p.id is not null then
		counts := erase_held(p.id);
		alone := erase_alone(p);
		-- A single word means other things too.
		words := words || case when alone and p.name ~ '\S\s+\S' then array[p.name] else '{}' end;
		perform erase_kept(p);
		perform erase_written(p);
		counts := erase_count(counts, 'abstract_author', erase_abstracts(p));
		counts := counts || erase_programme(p);
		delete from reply r where r.conference = p.conference and r.person = p.id;
		delete from due d where d.conference = p.conference and strpos(d.subject, p.id::text) > 0;
		perform erase_id(p.id, pseudonym);
		delete from person x where x.id = p.id;
	end if;
	for w in select * from erase_address(in_conference, in_email) a, jsonb_each_text(a) loop
		counts := erase_count(counts, w.key, w.value::bigint);
	end loop;
	for w in select * from erase_words(in_conference, words, case when alone then p.name end, p.id, pseudonym) loop
		counts := erase_count(counts, w.tab, w.n);
	end loop;
	return counts;
end $$;

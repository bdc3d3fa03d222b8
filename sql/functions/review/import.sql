-- Assignments and conflicts made elsewhere, a hundred lines at a time, each judged by itself.

-- What becomes of one line; nothing is said of abstracts the reader may not know of but what is said of those that do not exist.
create or replace function review_import_line(in_conference uuid, in_actor uuid, line jsonb, dry boolean, out result text, out why text)
language plpgsql as $$
declare
	about uuid := (select b.id from abstract b where b.conference = in_conference and b.number::text = line ->> 'number' and b.state = 'submitted'
		and b.id not in (select review_hidden(in_conference, in_actor)));
	who uuid := (select p.id from person p join reviewer r on r.person = p.id and r.removed is null
		where p.conference = in_conference and p.email = lower(line ->> 'email'));
	action text := coalesce(line ->> 'action', 'review');
begin
	result := 'refused';
	if about is null then
		why := 'abstract';
	elsif who is null then
		why := 'reviewer';
	elsif action = 'conflict' and who = in_actor then
		why := 'own';
	elsif action = 'conflict' then
		result := case when review_conflicted(in_conference, about, who) then 'same' else 'made' end;
		if result = 'made' and not dry then
			insert into interest (conference, abstract, person, side, has, reason, by_person)
			values (in_conference, about, who, 'organiser', true, '', in_actor)
			on conflict on constraint interest_once do update set has = true, by_person = excluded.by_person, at = now();
			delete from review_assignment a where a.abstract = about and a.person = who;
		end if;
	elsif action <> 'review' then
		why := 'action';
	elsif review_conflicted(in_conference, about, who) then
		why := 'conflict';
	else
		result := case when exists (select from review_assignment a where a.abstract = about and a.person = who) then 'same' else 'made' end;
		if result = 'made' and not dry then
			insert into review_assignment (conference, abstract, person, by_person) values (in_conference, about, who, in_actor);
		end if;
	end if;
end $$;

create or replace function review_import(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_rows jsonb, in_dry boolean)
returns table (reply text, fault text, current json)
language plpgsql as $$
declare
	lines json;
begin
	perform review_lock(in_conference);
	if jsonb_typeof(in_rows) <> 'array' or jsonb_array_length(in_rows) > 100 then
		return query select null::text, 'bad_request', null::json;
		return;
	end if;
	select coalesce(json_agg(json_strip_nulls(json_build_object('row', x.n, 'result', l.result, 'why', l.why)) order by x.n), '[]') into lines
	from jsonb_array_elements(in_rows) with ordinality x(value, n)
		cross join lateral review_import_line(in_conference, in_actor, x.value, in_dry) l;
	if not in_dry then
		insert into audit (conference, actor, action, subject, detail)
		values (in_conference, in_actor, 'review.import', in_conference, jsonb_build_object('rows', jsonb_array_length(in_rows)));
	end if;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('rows', lines), '{}'), null::text, null::json;
end $$;

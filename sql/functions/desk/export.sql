-- Questions, what was done with them and polls, as a file at any moment: in pages of a megabyte, since a worker holds each in memory.

-- A cell that a spreadsheet takes for text, whatever it begins with; what turns the direction of reading is left out.
create or replace function csv_cell(value text) returns text
language sql immutable parallel safe as $$
	select '"' || case when v ~ '^[=+@\t\r-]' then '''' else '' end || replace(v, '"', '""') || '"'
	from translate(coalesce(value, ''), U&'\200e\200f\061c\202a\202b\202c\202d\202e\2066\2067\2068\2069', '') as v
$$;

create or replace function csv_line(cells text[]) returns text
language sql immutable parallel safe as $$
	select string_agg(csv_cell(c.value), ',' order by c.n) || E'\r\n' from unnest(cells) with ordinality as c(value, n)
$$;

-- The name of whoever agreed to be quoted with it, where the session's identity allows one.
create or replace function export_name(q question, in_identity text) returns text
language sql stable as $$
	select p.name from person p
	where p.id = q.person and q.quote = 'with_name' and in_identity <> 'anonymous' and (in_identity <> 'choice' or q.named)
$$;

-- One question, its members in the order of the columns. Times of asking by the conference's clock, the others by the real one.
create or replace function export_question(q question) returns json
language sql stable as $$
	select json_build_object('type', 'question', 'id', q.id, 'session', t.session, 'talk', q.talk, 'talk_title', t.title, 'text', q.text,
		'original', q.original, 'state', q.state, 'reason', q.reason, 'votes', question_votes(q.conference, q.talk, q.id),
		'origin', q.origin, 'kind', q.kind, 'whole', q.whole, 'quote', q.quote, 'name', export_name(q, i.identity),
		'merged_into', q.merged_into, 'hits', array_to_string(q.hits, ' '), 'reports', q.reports,
		'answer', a.text, 'answer_public', a.public, 'answered_by', ap.name, 'answer_at', iso(a.at),
		'asked_at', iso(q.asked_at), 'created', iso(q.created), 'approved', iso(q.approved), 'staged', iso(q.staged),
		'answered', iso(q.answered),
		'waited_s', round(extract(epoch from least(q.staged, q.answered) - q.created)))
	from talk t cross join lateral (select s.identity from qa_settings_of(q.conference, t.session) s) i
		left join answer a on a.question = q.id left join person ap on ap.id = a.person
	where t.id = q.talk
$$;

-- One change. What its asker did is the asker's, not a name's; what nobody did a rule did.
create or replace function export_action(m mod_action, in_talk uuid) returns json
language sql stable as $$
	select json_build_object('type', 'action', 'id', m.id, 'at', iso(m.at), 'question', m.question, 'talk', in_talk, 'command', m.command,
		'by', case when m.command in ('withdraw', 'revise') then 'asker' when m.actor is null then 'rule'
			else coalesce(actor_name(m.conference, m.actor), 'somebody') end,
		'state_before', m.state_before, 'state_after', m.state_after, 'version', m.version, 'before', m.before, 'after', m.after,
		'key', m.cmd, 'undoes', m.undoes)
$$;

-- How each session was moderated: what came of its questions, why those that were dismissed were, and how long each side has waited.
create or replace function export_summary(in_conference uuid, in_session uuid) returns json
language sql stable as $$
	select json_build_object('type', 'summary', 'session', s.id, 'title', s.title,
		'states', coalesce((select json_object_agg(x.state, x.n order by x.state) from (
			select q.state, count(*) as n from question q join talk t on t.id = q.talk where t.session = s.id group by 1) x), '{}'),
		'dismissed', coalesce((select json_object_agg(x.reason, x.n order by x.reason) from (
			select coalesce(q.reason, 'other') as reason, count(*) as n from question q join talk t on t.id = q.talk
			where t.session = s.id and q.state = 'dismissed' group by 1) x), '{}'),
		'fairness', fairness(in_conference, s.id))
	from session s where s.conference = in_conference and s.id = in_session
$$;

-- Everything of a part in its order: a key that sorts, and the line as an object.
create or replace function export_lines(in_conference uuid, in_talks uuid[], in_part text, in_after text)
returns table (key text, line json)
language plpgsql stable as $$
begin
	if in_part = 'questions' then
		return query select q.created || ' ' || q.id, export_question(q) from question q
		where q.conference = in_conference and q.talk = any (in_talks) and (in_after is null
			or (q.created, q.id) > (left(in_after, -37)::timestamptz, right(in_after, 36)::uuid))
		order by q.created, q.id limit 2000;
	elsif in_part = 'trail' then
		return query select m.id::text, export_action(m, q.talk) from mod_action m join question q on q.id = m.question
		where m.conference = in_conference and q.talk = any (in_talks) and (in_after is null or m.id > in_after::bigint)
		order by m.id limit 2000;
	elsif in_part = 'polls' then
		return query select p.talk || ' ' || lpad(p.nth::text, 2, '0'), export_poll(p) from poll p
		where p.conference = in_conference and p.talk = any (in_talks) and (in_after is null
			or (p.talk, p.nth) > (left(in_after, -3)::uuid, right(in_after, 2)::int))
		order by p.talk, p.nth limit 2000;
	else
		return query select x.session::text, export_summary(in_conference, x.session)
		from (select distinct t.session from talk t where t.id = any (in_talks)) x
		where (in_after is null or x.session > in_after::uuid)
			and exists (select from question q join talk t on t.id = q.talk where t.session = x.session)
		order by x.session limit 200;
	end if;
end $$;

create or replace function export_csv(in_part text, line json) returns text
language sql immutable as $$
	select case when in_part = 'summary' then (
		select string_agg(csv_line(array[line ->> 'session', line ->> 'title', k.what, k.value]), '' order by k.what) from (
			select 'state:' || s.key as what, s.value from json_each_text(line -> 'states') s
			union all select 'dismissed:' || d.key, d.value from json_each_text(line -> 'dismissed') d
			union all select w.key || ':' || o.key || ':' || v.key, v.value from json_each(line -> 'fairness') w, json_each(w.value) o,
				json_each_text(o.value) v) k)
	when in_part = 'polls' then export_poll_csv(line)
	else csv_line(array(select m.value from json_each_text(line) with ordinality as m(key, value, n) where m.key <> 'type' order by m.n)) end
$$;

create or replace function export_header(in_part text) returns text
language sql immutable as $$
	select csv_line(case in_part
		when 'questions' then '{id,session,talk,talk_title,text,original,state,reason,votes,origin,kind,whole,quote,name,merged_into,hits,reports,answer,answer_public,answered_by,answer_at,asked_at,created,approved,staged,answered,waited_s}'::text[]
		when 'trail' then '{id,at,question,talk,command,by,state_before,state_after,version,before,after,key,undoes}'::text[]
		when 'polls' then '{id,session,talk,talk_title,nth,question,kind,results,state,opened,closed,voters,option,votes}'::text[]
		else '{session,title,what,value}'::text[] end)
$$;

-- $ part null: all of them one after the other (ndjson). next is where the following page begins: part and key; null: that was all.
create or replace function export_page(in_conference uuid, in_actor uuid, in_session uuid, in_talk uuid, in_format text, in_part text,
	in_after text)
returns table (reply text, fault text)
language plpgsql stable as $$
declare
	parts text[] := case when in_part is not null then array[in_part] when in_format = 'csv' then '{questions}' else '{questions,trail,polls,summary}' end;
	part text := coalesce(split_part(in_after, '/', 1), parts[1]);
	after text := nullif(substr(in_after, length(part) + 2), '');
	talks uuid[];
	body text;
	last text;
	more boolean;
begin
	talks := array(select t.id from talk t where t.conference = in_conference and (in_talk is null or t.id = in_talk)
		and (in_session is null or t.session = in_session));
	if (in_talk is not null or in_session is not null) and cardinality(talks) = 0 then
		return;
	-- The shell has no person.
	elsif in_actor is not null and not qa_may(in_conference, in_actor, case when in_talk is not null
		then (select t.session from talk t where t.id = in_talk) else in_session end)
	then
		return query select null::text, 'denied';
		return;
	elsif not part = any (parts) then
		return query select null::text, 'bad_request';
		return;
	end if;
	with sized as (
		select l.key, x.text, sum(octet_length(x.text)) over w as total, row_number() over w as n
		from export_lines(in_conference, talks, part, after) with ordinality as l(key, line, ord)
			cross join lateral (select case when in_format = 'csv' then export_csv(part, l.line) else l.line || E'\n' end as text offset 0) x
		window w as (order by l.ord)
	)
	select coalesce(string_agg(s.text, '' order by s.n), ''), max(s.key) filter (where s.n = s.upto), coalesce(bool_or(s.upto < s.rows), false)
		or coalesce(max(s.rows) in (200, 2000), false)
	into body, last, more
	from (select z.*, (select max(y.n) from sized y where y.total <= 1000000 or y.n = 1) as upto, (select count(*) from sized) as rows
		from sized z) s
	where s.n <= s.upto;
	if in_format = 'csv' and in_after is null then
		body := export_header(part) || body;
	end if;
	return query select json_build_object('text', body, 'next', case when more then part || '/' || last
		when parts[array_position(parts, part) + 1] is not null then parts[array_position(parts, part) + 1] || '/' end)::text, null::text;
end $$;

-- Badges as they are shown: names in the order of a Danish list, boxes by letters, a job, a printer, a batch; what a door says of one.

-- By the last word of the name: what people look for on a table of badges.
create or replace function badge_family(name text) returns text
language sql immutable parallel safe as $$
	select w[cardinality(w)] from regexp_split_to_array(trim(name), '\s+') as w
$$;

-- 1 → A, 26 → Z, 27 → AA.
create or replace function badge_box(n int) returns text
language sql immutable parallel safe as $$
	select case when n is null then null
		when n <= 26 then chr(64 + n) else chr(64 + (n - 1) / 26) || chr(65 + (n - 1) % 26) end
$$;

create or replace function badge_settings(in_conference uuid) returns badge_setting
language sql stable as $$
	select (coalesce(s.conference, in_conference), coalesce(s.template, 'card'), coalesce(s.per_box, 100),
		coalesce(s.auto, false), s.printer)::badge_setting
	from (select 1) x left join badge_setting s on s.conference = in_conference
$$;

create or replace function badge_job(j print_job) returns json
language sql stable as $$
	select json_strip_nulls(json_build_object('id', j.id, 'person', json_build_object('id', p.id, 'name', p.name),
		'template', j.template, 'copy', j.copy_no, 'reason', j.reason, 'state', j.state, 'printer', coalesce(j.printer, j.wanted), 'error', j.error,
		'by', coalesce((select s.name from station s where s.id = j.station), (select b.name from person b where b.id = j.by_person)),
		'batch', j.batch, 'box', badge_box(j.box), 'number', j.number, 'at', iso(j.at), 'changed', iso(j.changed)))
	from person p where p.id = j.person
$$;

create or replace function badge_printer_json(p badge_printer) returns json
language sql stable as $$
	select json_strip_nulls(json_build_object('name', p.name, 'ready', p.ready, 'error', p.error, 'seen', iso(p.seen),
		'online', p.seen > now() - interval '60 seconds'))
$$;

create or replace function badge_batch_json(b badge_batch) returns json
language sql stable as $$
	select json_strip_nulls(json_build_object('id', b.id, 'n', b.n, 'template', b.template, 'per_box', b.per_box, 'badges', b.badges,
		'first', badge_box(b.first_box), 'last', badge_box(b.last_box), 'at', iso(b.at), 'printed', iso(b.printed),
		'by', (select p.name from person p where p.id = b.by_person)))
$$;

-- What stands on the badge. The code stays sealed here; C opens it.
create or replace function badge_paper(j print_job) returns json
language sql stable as $$
	select json_strip_nulls(json_build_object('id', j.id, 'template', j.template, 'copy', j.copy_no,
		-- As they asked to be called.
		'name', coalesce((select a.badge_name from registration_answer a where a.person = p.id), p.name),
		'organisation', p.organisation, 'mode', p.mode,
		'category', (select json_build_object('name', c.name, 'color', c.color) from category c where c.id = p.category),
		'sealed', (select e.sealed from entry_code e where e.person = p.id and e.revoked is null
			and not exists (select from entry_code n where n.person = e.person and n.generation > e.generation)),
		'box', badge_box(j.box), 'number', j.number, 'title', (select title from conference where id = j.conference)))
	from person p where p.id = j.person
$$;

create or replace function badge_counts(in_conference uuid) returns json
language sql stable as $$
	select json_build_object('queued', count(*) filter (where state = 'queued'), 'sent', count(*) filter (where state = 'sent'),
		'done', count(*) filter (where state = 'done'), 'failed', count(*) filter (where state = 'failed'),
		'unknown', count(*) filter (where state = 'unknown'), 'boxed', count(*) filter (where batch is not null))
	from print_job where conference = in_conference
$$;

-- For the door, after green: where a badge lies or comes out; {"ask":true} when this one is to be printed now; null when there is nothing
-- to say. In plpgsql, whose plans are kept: it is asked with every scan.
create or replace function door_badge(in_conference uuid, in_person uuid) returns json
language plpgsql stable as $$
declare
	j print_job;
begin
	select * into j from print_job x where x.person = in_person and x.conference = in_conference order by x.copy_no desc limit 1;
	if j.id is null then
		return (select json_build_object('ask', true) from badge_setting s
			where s.conference = in_conference and s.auto
				and exists (select from person p where p.id = in_person and p.mode = 'on_site'));
	end if;
	if j.box is not null then
		return json_build_object('box', badge_box(j.box), 'number', j.number);
	end if;
	return json_strip_nulls(json_build_object('job', j.id, 'printer', coalesce(j.printer, j.wanted),
		'has', case when j.state not in ('queued', 'sent') then true end));
end $$;

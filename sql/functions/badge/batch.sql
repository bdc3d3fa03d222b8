-- The evening before: copy 1 for everybody on site who has none, A–Z, in boxes.

-- Those it would be for, in the order of their papers.
create or replace function badge_missing(in_conference uuid)
returns table (person uuid, name text, nth bigint)
language sql stable as $$
	select p.id, p.name, row_number() over (order by badge_family(p.name) collate "da-x-icu", p.name collate "da-x-icu", p.id)
	from person p join registration r on r.person = p.id and r.state = 'confirmed'
	where p.conference = in_conference and p.mode = 'on_site' and not exists (select from print_job j where j.person = p.id)
$$;

-- The number of the last box there is.
create or replace function badge_boxes(in_conference uuid) returns int
language sql stable as $$
	select coalesce(max(last_box), 0) from badge_batch where conference = in_conference
$$;

create or replace function badge_preview(in_conference uuid, in_per_box int) returns json
language sql stable as $$
	select json_build_object('badges', coalesce(sum(b.n), 0), 'per_box', in_per_box,
		'boxes', coalesce(json_agg(json_build_object('box', badge_box(b.box), 'badges', b.n, 'from', b.first, 'to', b.last) order by b.box)
			filter (where b.box is not null), '[]'))
	from (select badge_boxes(in_conference) + ((m.nth - 1) / in_per_box)::int + 1 as box, count(*) as n,
			(array_agg(m.name order by m.nth))[1] as first, (array_agg(m.name order by m.nth desc))[1] as last
		from badge_missing(in_conference) m group by 1) b
$$;

-- Under the conference's row: two batches at once are one after the other, and the second finds nobody.
create or replace function badge_batch_make(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_batch uuid,
	in_template text, in_per_box int)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	made badge_batch;
	before int;
begin
	perform from conference c where c.id = in_conference for no key update;
	before := badge_boxes(in_conference);
	insert into badge_batch (id, conference, n, template, per_box, first_box, last_box, badges, at, by_person)
	select in_batch, in_conference, coalesce((select max(b.n) from badge_batch b where b.conference = in_conference), 0) + 1,
		in_template, in_per_box, before + 1, before + ((count(*) - 1) / in_per_box)::int + 1, count(*), plenum_now(in_conference), in_actor
	from badge_missing(in_conference) m having count(*) > 0
	returning * into made;
	if made.id is null then
		return query select null::text, 'badge.none', null::json;
		return;
	end if;
	-- Somebody whose badge a desk prints at this moment has it there.
	insert into print_job (conference, person, template, copy_no, by_person, state, batch, box, number, at, changed)
	select in_conference, m.person, in_template, 1, in_actor, 'sent', made.id, before + ((m.nth - 1) / in_per_box)::int + 1,
		((m.nth - 1) % in_per_box)::int + 1, made.at, made.at
	from badge_missing(in_conference) m order by m.nth
	on conflict on constraint print_job_once do nothing;
	update badge_batch b set badges = (select count(*) from print_job j where j.batch = b.id) where b.id = made.id returning * into made;
	insert into audit (conference, actor, action, subject, detail)
	values (in_conference, in_actor, 'badge.batch', made.id::text, jsonb_build_object('badges', made.badges));
	insert into badge_setting (conference, template, per_box) values (in_conference, in_template, in_per_box)
	on conflict on constraint badge_setting_once do update set per_box = in_per_box;
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('batch', badge_batch_json(made)),
		array[row('badge', 'badge.batched', json_build_object('batch', badge_batch_json(made)))::ev]
			-- Stations that are cut off know the boxes too.
			|| door_events(in_conference, array(select j.person from print_job j where j.batch = made.id))), null::text, null::json;
end $$;

-- The paper is in the boxes.
create or replace function badge_printed(in_conference uuid, in_actor uuid, in_key uuid, in_hash bytea, in_batch uuid)
returns table (reply text, fault text, current json)
language plpgsql as $$
#variable_conflict use_column
declare
	made badge_batch;
begin
	update badge_batch b set printed = coalesce(b.printed, plenum_now(in_conference))
	where b.conference = in_conference and b.id = in_batch returning * into made;
	if not found then
		return;
	end if;
	update print_job j set state = 'done', changed = made.printed where j.batch = in_batch and j.state = 'sent';
	return query select write_done(in_conference, in_actor, in_key, in_hash, json_build_object('batch', badge_batch_json(made)),
		array[row('badge', 'badge.batched', json_build_object('batch', badge_batch_json(made)))::ev]), null::text, null::json;
end $$;

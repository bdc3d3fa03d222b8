-- What a change of a question causes: the row, its place in the history, the counts beside it, and what is told to whom.

-- Attendees hear of what they may see, and that what they saw is gone and where it went; never why, never whose it is. before: all
-- null for a new one. asker: whom to tell. One that moved leaves its old talk.
create or replace function question_events(was question, q question, asker uuid) returns ev[]
language sql stable as $$
	with v as (
		select question_votes(q.conference, q.talk, q.id) as votes, was.id is not null and was.talk <> q.talk as moved,
			was.id is not null and question_visible(was) and talk_shows(was.talk) as seen,
			question_visible(q) and talk_shows(q.talk) as visible
	)
	select array[row('talk:' || q.talk || ':mod', case when was.id is null or v.moved then 'question.added' else 'question.updated' end,
			question_mod(q, v.votes))::ev]
		|| case when v.moved then array[row('talk:' || was.talk || ':mod', 'question.removed',
			json_build_object('id', q.id, 'moved_to', q.talk))::ev] else '{}'::ev[] end
		|| case when v.seen and (v.moved or not v.visible) then array[row('talk:' || was.talk, 'question.removed',
				json_strip_nulls(json_build_object('id', q.id, 'into', q.merged_into,
					'moved_to', case when v.moved and v.visible then q.talk end)))::ev]
			else '{}'::ev[] end
		|| case when v.visible then array[row('talk:' || q.talk,
				case when v.seen and not v.moved then 'question.updated' else 'question.added' end,
				question_public(q, v.votes))::ev]
			else '{}'::ev[] end
		-- Nor does its asker hear anything of what is kept from them.
		|| case when asker is not null and not (was.id is not null and (q.silent or q.muted)
				and (question_own_state(was), was.text) = (question_own_state(q), q.text)) then
			array[row('person:' || asker, 'question.updated', question_own(q, v.votes))::ev]
			else '{}'::ev[] end
	from v
$$;

-- How many wait and how many were dismissed for which reason, in the tally of each talk: the public account of moderation. Counted under
-- the tally's lock, so that of two at once the later counts both.
create or replace function question_counts(in_conference uuid, in_talks uuid[]) returns void
language plpgsql as $$
begin
	insert into channel (conference, name)
	select distinct in_conference, 'talk:' || x from unnest(in_talks) as x
	where not exists (select from channel c where c.conference = in_conference and c.name = 'talk:' || x)
	order by 2
	on conflict on constraint channel_once do nothing;
	insert into tally (channel, key, value)
	select distinct c.id, k.key, 0 from unnest(in_talks) as x join channel c on c.conference = in_conference and c.name = 'talk:' || x
		cross join lateral (select 'waiting' as key union
			select 'dismissed:' || coalesce(q.reason, 'other') from question q where q.talk = x and q.state = 'dismissed') k
	where not exists (select from tally t where t.channel = c.id and t.key = k.key)
	order by 1, 2
	on conflict on constraint tally_once do nothing;
	perform from tally t join channel c on c.id = t.channel
	where c.conference = in_conference and c.name in (select 'talk:' || x from unnest(in_talks) as x)
		and (t.key = 'waiting' or t.key like 'dismissed:%')
	order by t.channel, t.key for update of t;
	update tally t set value = n.n, xid = pg_current_xact_id()
	from (select distinct x, c.id, 'talk:' || x as name from unnest(in_talks) as x
			join channel c on c.conference = in_conference and c.name = 'talk:' || x) c
		cross join lateral (
			select k.key, (select count(*) from question q where q.talk = c.x and case when k.key = 'waiting'
				then q.state = 'pending' and not q.muted
				else q.state = 'dismissed' and 'dismissed:' || coalesce(q.reason, 'other') = k.key end) as n
			from tally k where k.channel = c.id and (k.key = 'waiting' or k.key like 'dismissed:%')) n
	where t.channel = c.id and t.key = n.key and t.value <> n.n;
end $$;

-- The tally of these questions is the sum of their votes again. Under the tally's lock: a batch of votes that is under way adds its
-- difference after it.
create or replace function question_recount(in_conference uuid, in_questions uuid[]) returns int
language plpgsql as $$
declare
	changed int;
	voted uuid[];
begin
	-- One look at the votes for all of them.
	select array_agg(distinct v.question) into voted from vote v where v.question = any (in_questions);
	insert into channel (conference, name)
	select distinct in_conference, 'talk:' || q.talk from question q
	where q.id = any (voted) and q.conference = in_conference
		and not exists (select from channel c where c.conference = in_conference and c.name = 'talk:' || q.talk)
	order by 2
	on conflict on constraint channel_once do nothing;
	insert into tally (channel, key, value)
	select c.id, q.id::text, 0 from question q join channel c on c.conference = in_conference and c.name = 'talk:' || q.talk
	where q.id = any (voted) and q.conference = in_conference
		and not exists (select from tally t where t.channel = c.id and t.key = q.id::text)
	order by 1, 2
	on conflict on constraint tally_once do nothing;
	perform from question q join channel c on c.conference = in_conference and c.name = 'talk:' || q.talk
		join tally t on t.channel = c.id and t.key = q.id::text
	where q.id = any (in_questions) and q.conference = in_conference
	order by t.channel, t.key for update of t;
	update tally t set value = coalesce(n.value, 0), xid = pg_current_xact_id()
	from question q join channel c on c.conference = in_conference and c.name = 'talk:' || q.talk
		left join (select v.question, sum(v.value) filter (where v.counted) as value
			from vote v where v.question = any (in_questions) group by v.question) n on n.question = q.id
	where q.id = any (in_questions) and q.conference = in_conference
		and t.channel = c.id and t.key = q.id::text and t.value <> coalesce(n.value, 0);
	get diagnostics changed = row_count;
	return changed;
end $$;

-- What of a question the history keeps, and undo brings back.
create or replace function question_members(q question) returns jsonb
language sql stable as $$
	select jsonb_build_object('talk', q.talk, 'state', q.state, 'prev_state', q.prev_state, 'text', q.text, 'original', q.original,
		'revision', q.revision, 'reason', q.reason, 'silent', q.silent, 'muted', q.muted, 'merged_into', q.merged_into,
		'stage_room', q.stage_room, 'nth', q.nth, 'skipped', q.skipped, 'hits', q.hits, 'reports', q.reports,
		'approved', q.approved, 'staged', q.staged, 'answered', q.answered, 'first_visible_at', q.first_visible_at,
		'answer', (select jsonb_build_object('text', a.text, 'public', a.public, 'person', a.person, 'at', a.at)
			from answer a where a.question = q.id))
$$;

-- Writes the changed row with its next version and appends to the history. was_members: what it was, with its answer.
create or replace function question_write(was question, q question, in_actor uuid, in_command text, in_cmd uuid,
	was_members jsonb, in_undoes bigint default null) returns question
language plpgsql as $$
declare
	is_members jsonb;
begin
	q.version := was.version + 1;
	update question x set talk = q.talk, state = q.state, prev_state = q.prev_state, text = q.text, original = q.original,
		revision = q.revision, reason = q.reason, silent = q.silent, muted = q.muted, merged_into = q.merged_into,
		stage_room = q.stage_room, nth = q.nth, skipped = q.skipped, hits = q.hits, reports = q.reports,
		approved = q.approved, staged = q.staged, answered = q.answered, first_visible_at = q.first_visible_at,
		version = q.version
	where x.id = q.id and x.conference = q.conference;
	is_members := question_members(q);
	insert into mod_action (conference, question, actor, command, state_before, state_after, version, before, after, cmd, undoes)
	select q.conference, q.id, in_actor, in_command, was.state, q.state, q.version, coalesce(jsonb_object_agg(b.key, b.value), '{}'),
		coalesce(jsonb_object_agg(a.key, a.value), '{}'), in_cmd, in_undoes
	from jsonb_each(was_members) b join jsonb_each(is_members) a on a.key = b.key
	where a.value <> b.value;
	return q;
end $$;

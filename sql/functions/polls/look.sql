-- How a poll looks: to everybody, to moderators; which one a talk has; who may run it and who may hear its counts.

create or replace function poll_may(in_conference uuid, in_actor uuid, in_talk uuid) returns boolean
language sql stable as $$
	select exists (select from talk t where t.conference = in_conference and t.id = in_talk
		and qa_may(in_conference, in_actor, t.session))
$$;

create or replace function poll_options(p poll) returns json
language sql stable as $$
	select json_agg(json_build_object('id', o.id, 'text', o.text) order by o.ord)
	from unnest(p.option_ids, p.option_texts) with ordinality as o(id, text, ord)
$$;

-- As a tick has them: [["<option>", n], …, ["voters", n]].
create or replace function poll_counts(p poll) returns json
language sql stable as $$
	select json_agg(json_build_array(k.key, coalesce(t.value, 0)) order by k.ord)
	from (select o.id::text as key, o.ord from unnest(p.option_ids) with ordinality as o(id, ord) union all select 'voters', 11) k
		left join channel c on c.conference = p.conference and c.name = 'poll:' || p.id
		left join tally t on t.channel = c.id and t.key = k.key
$$;

-- May everybody know the counts? While it runs that is for the channel `poll:<id>` to say, by person.
create or replace function poll_open_counts(p poll) returns boolean
language sql immutable as $$
	select p.state = 'closed' and p.results <> 'never'
$$;

-- Null for one that was never opened: an event without data is refused by the log, so a slip cannot leak.
create or replace function poll_public(p poll) returns json
language sql stable as $$
	select case when p.state <> 'draft' then json_strip_nulls(json_build_object('id', p.id, 'talk', p.talk, 'question', p.question,
		'kind', p.kind, 'results', p.results, 'state', p.state, 'version', p.version, 'options', poll_options(p),
		'opened_at', iso(p.opened), 'closed_at', iso(p.closed),
		'counts', case when poll_open_counts(p) then poll_counts(p) end)) end
$$;

create or replace function poll_mod(p poll) returns json
language sql stable as $$
	select json_strip_nulls(json_build_object('id', p.id, 'talk', p.talk, 'nth', p.nth, 'question', p.question, 'kind', p.kind,
		'results', p.results, 'state', p.state, 'version', p.version, 'shown', p.shown, 'options', poll_options(p),
		'opened_at', iso(p.opened), 'closed_at', iso(p.closed),
		'counts', case when p.state <> 'draft' then poll_counts(p) end))
$$;

-- What a talk's audience has before it: the poll that runs, else the last that was closed; null when there was none.
create or replace function poll_shown(in_conference uuid, in_talk uuid) returns json
language sql stable as $$
	select poll_public(p) from poll p
	where p.conference = in_conference and p.talk = in_talk and p.state <> 'draft'
	order by p.state = 'running' desc, p.closed desc, p.nth desc limit 1
$$;

-- Who hears the counts on poll:<id>. A stage screen is seen by everybody in the room: it hears what nobody may not know.
create or replace function poll_may_hear(in_conference uuid, in_poll uuid, in_actor uuid) returns boolean
language sql stable as $$
	select coalesce((select p.state <> 'draft' and (poll_may(in_conference, in_actor, p.talk)
			or p.results = 'always' or poll_open_counts(p)
			or p.results = 'after_vote' and exists (select from poll_vote v
				where v.poll = p.id and v.person = in_actor and v.options <> '{}'))
		from poll p where p.conference = in_conference and p.id = in_poll), false)
$$;

-- Whom a change concerns. A draft is the moderators' alone.
create or replace function poll_events(in_type text, p poll) returns ev[]
language sql stable as $$
	select array[row('talk:' || p.talk || ':mod', in_type, poll_mod(p))::ev]
		|| case when p.state <> 'draft' then array[row('talk:' || p.talk, in_type, poll_public(p))::ev] else '{}' end
		|| case when p.state <> 'draft' and room is not null then
			array[row('stage:' || room, in_type, json_build_object('poll', stage_shown(p.conference, room) -> 'poll'))::ev] else '{}' end
	from talk_room(p.conference, p.talk) room
$$;

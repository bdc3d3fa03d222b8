-- Polls in the export: what was asked, what one could choose, and the counts that the poll's own rule lets everybody know.

-- A file goes from hand to hand: it has no count that an attendee who did not vote may not know (always, or closed and not never).
create or replace function export_poll(p poll) returns json
language sql stable as $$
	select json_build_object('type', 'poll', 'id', p.id, 'session', t.session, 'talk', p.talk, 'talk_title', t.title, 'nth', p.nth,
		'question', p.question, 'kind', p.kind, 'results', p.results, 'state', p.state, 'opened', iso(p.opened), 'closed', iso(p.closed),
		'voters', k.counts ->> 'voters',
		'options', (select json_agg(json_build_object('id', o.id, 'text', o.text, 'votes', k.counts ->> o.id::text) order by o.ord)
			from unnest(p.option_ids, p.option_texts) with ordinality as o(id, text, ord)))
	from talk t left join lateral (select json_object_agg(c.value ->> 0, (c.value ->> 1)::bigint) as counts
			from json_array_elements(poll_counts(p)) c) k on p.state <> 'draft' and (p.results = 'always' or poll_open_counts(p))
	where t.id = p.talk
$$;

-- A line for each option.
create or replace function export_poll_csv(line json) returns text
language sql immutable as $$
	select string_agg(csv_line(array[line ->> 'id', line ->> 'session', line ->> 'talk', line ->> 'talk_title', line ->> 'nth',
		line ->> 'question', line ->> 'kind', line ->> 'results', line ->> 'state', line ->> 'opened', line ->> 'closed',
		line ->> 'voters', o.value ->> 'text', o.value ->> 'votes']), '' order by o.n)
	from json_array_elements(line -> 'options') with ordinality as o(value, n)
$$;

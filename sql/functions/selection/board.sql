-- What the board is made of.

-- A line of the log as it is shown and exported.
create or replace function decision_line(l decision_log) returns json
language sql stable as $$
	select json_build_object('id', l.id, 'at', iso(l.at), 'by', p.name, 'what', l.what, 'round', l.round, 'number', a.number,
		'abstract', l.abstract, 'title', a.title, 'was', l.was_outcome, 'was_session', w.title, 'was_rank', l.was_rank,
		'outcome', l.outcome, 'session', s.title, 'rank', l.rank, 'note', l.note)
	from (select 1) one
		left join abstract a on a.id = l.abstract
		left join person p on p.id = l.actor
		left join session s on s.id = l.session
		left join session w on w.id = l.was_session
$$;

-- decision.export: the log from its beginning, in pages of a thousand lines.
create or replace function decision_export(in_conference uuid, in_format text, in_after bigint) returns json
language sql stable as $$
	with page as (
		select l.id, decision_line(l) as line from decision_log l
		where l.conference = in_conference and l.id > coalesce(in_after, 0) order by l.id limit 1000
	)
	select json_build_object('text', case when in_format = 'csv' and in_after is null then
			csv_line('{id,at,by,what,round,number,abstract,title,was,was_session,was_rank,outcome,session,rank,note}') else '' end
			|| coalesce(string_agg(case when in_format = 'csv' then csv_line(array(select m.value from json_each_text(p.line)
				with ordinality as m(key, value, n) order by m.n)) else p.line || E'\n' end, '' order by p.id), ''),
		'next', case when count(*) = 1000 then max(p.id) end)
	from page p
$$;

-- How long each side has waited and what share of the time it was given: in the hall and elsewhere, by voice and in writing.

-- {"voice":{"room":{"n","median_s","share"},"remote":{…}},"text":{…}}: n that were heard, staged or answered; the median of how long they
-- had waited for it, null when there are none; the share in per cent. Seconds of the real clock.
create or replace function fairness(in_conference uuid, in_session uuid) returns json
language sql stable as $$
	with served as (
		select 'voice' as way, e.origin, extract(epoch from coalesce(e.called, e.heard) - e.joined) as waited
		from mic_entry e where e.conference = in_conference and e.session = in_session and e.heard is not null
		union all
		select 'text', q.origin, extract(epoch from least(q.staged, q.answered) - q.created)
		from question q join talk t on t.id = q.talk
		where q.conference = in_conference and t.session = in_session and q.kind <> 'prepared'
			and (q.staged is not null or q.answered is not null)
	), sides as (
		select w.way, o.origin, count(s.way) as n, round(percentile_cont(0.5) within group (order by case when s.waited < 0 then 0 else s.waited end))::bigint as median
		from (values ('voice'), ('text')) w(way) cross join (values ('room'), ('remote')) o(origin)
			left join served s on s.way = w.way and s.origin = o.origin
		group by w.way, o.origin
	), shares as (
		select s.*, coalesce(round(100.0 * s.n / nullif(sum(s.n) over (partition by s.way), 0)), 0)::int as share from sides s
	), ways as (
		select s.way, json_object_agg(s.origin, json_build_object('n', s.n, 'median_s', s.median, 'share', s.share) order by s.origin) as sides
		from shares s group by s.way
	)
	select json_object_agg(w.way, w.sides order by w.way desc) from ways w
$$;

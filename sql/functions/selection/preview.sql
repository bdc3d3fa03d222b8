-- Exactly whom and what: the people an apply would write to, and mails as they would be.

-- The mails about one staged decision: it is settled as an apply settles it, read, and undone.
create or replace function decision_samples(in_conference uuid, in_actor uuid, in_abstract uuid) returns json
language plpgsql as $$
declare
	d decision;
	terms selection;
	said json;
begin
	select * into d from decision x where x.abstract = in_abstract and x.conference = in_conference and x.outcome is not null;
	select * into terms from selection s where s.conference = in_conference;
	-- The mail has what reviewers wrote: nothing for those who know an author.
	if d.abstract is null or in_abstract in (select review_hidden(in_conference, in_actor)) then
		return '[]';
	end if;
	begin
		perform decision_settle(in_conference, d, selection_until(in_conference, terms.answer_days),
			review_comments(in_conference, d.abstract));
		select coalesce(json_agg(json_build_object('to', o.recipient, 'subject', o.subject, 'text', mail_shown(o.body)) order by o.recipient), '[]') into said
		from outbox o where o.conference = in_conference and o.dedupe like format('%%:decision:%s:%s', d.abstract, d.version);
		raise exception using errcode = 'PL000';
	exception when sqlstate 'PL000' then
		null;
	end;
	return said;
end $$;

-- decision.preview; of one abstract its mails alone.
create or replace function decision_preview(in_conference uuid, in_actor uuid, in_abstract uuid) returns json
language plpgsql as $$
declare
	terms selection;
	kinds json;
begin
	if in_abstract is not null then
		return json_build_object('samples', decision_samples(in_conference, in_actor, in_abstract));
	end if;
	select * into terms from selection s where s.conference = in_conference;
	with staged as materialized (
		select a.id, a.number, a.title, d.outcome, d.session, d.rank, decision_kind(a.outcome, d.outcome) as kind,
			d.outcome in ('talk', 'poster') and d.outcome is distinct from a.outcome as invites
		from decision d join abstract a on a.id = d.abstract
		where d.conference = in_conference and d.outcome is not null and a.state = 'submitted'
	)
	select coalesce(json_agg(k.said order by k.ord), '[]') into kinds from (
		select min(array_position('{talk,poster,standby,declined}', s.outcome)) as ord,
			json_build_object('kind', s.kind, 'abstracts', count(distinct s.id), 'invitations', count(distinct s.id) filter (where s.invites),
				'samples', decision_samples(in_conference, in_actor, (array_agg(s.id order by h.abstract is not null, s.number, s.id))[1]),
				'recipients', json_agg(json_build_object('abstract', s.id, 'number', s.number, 'title', s.title, 'name', r.name, 'email', r.email,
					'session', s.session, 'rank', s.rank) order by s.session, s.rank, s.number, s.id, r.email)) as said
		from staged s cross join lateral decision_recipients(in_conference, s.id, s.outcome) r
			left join review_hidden(in_conference, in_actor) h(abstract) on h.abstract = s.id
		group by s.kind
	) k;
	return (select json_build_object('hash', h.hash, 'count', h.count, 'over', selection_over(in_conference),
		'expires', iso(selection_until(in_conference, coalesce(terms.answer_days, 14))), 'kinds', kinds,
		'registered', (select coalesce(json_agg(json_strip_nulls(json_build_object('abstract', a.id, 'number', a.number, 'title', a.title,
			'name', p.name, 'email', p.email, 'what', r.what, 'stays', r.stays)) order by a.number, p.name), '[]')
			from decision_registered(in_conference) r join abstract a on a.id = r.abstract join person p on p.id = r.person))
		from selection_hash(in_conference) h);
end $$;

-- qa.ask, merged. $2 askers, $3 client-made question ids, $4 talks, $5 texts.
with cmd as (
	select c.*
	from unnest($2::uuid[], $3::text[]::uuid[], $4::text[]::uuid[], $5::text[])
		with ordinality as c(person, question, talk, text, ord)
), judged as (
	select c.*, q.state, q.version,
		case
		when q.id is not null then case
			when (q.conference, q.person, q.talk, q.text) is distinct from ($1::uuid, c.person, c.talk, c.text)
			then 'key.reused' end
		when w.ask is null then 'not_found'
		when not w.ask then 'qa.closed'
		when exists (select from question d
			where d.talk = c.talk and d.person = c.person and d.text = c.text) then 'qa.duplicate'
		-- Its twin in this batch goes first.
		when row_number() over (partition by c.question order by c.ord) > 1
			or row_number() over (partition by c.talk, c.person, c.text order by c.ord) > 1 then 'again'
		end as fault
	from cmd c
	left join question q on q.id = c.question
	left join (select t.talk, w.ask from (select distinct talk from cmd) t
		cross join lateral talk_window($1::uuid, t.talk) w) w on w.talk = c.talk
), fresh as (
	select j.*, f.nth
	from (select *, row_number() over (partition by talk, person order by ord) as n
		from judged where fault is null and state is null) j
	-- The n-th of this person's ten places on the talk that is still free.
	left join lateral (
		select s.nth from generate_series(1, 10) as s(nth)
		where not exists (select from question q where q.talk = j.talk and q.person = j.person and q.nth = s.nth)
		order by s.nth offset j.n - 1 limit 1
	) f on true
), added as (
	insert into question as q (id, conference, talk, person, text, nth, asked_at)
	select f.question, $1::uuid, f.talk, f.person, f.text, f.nth, plenum_now($1::uuid)
	from fresh f where f.nth is not null
	order by f.talk, f.person, f.nth
	on conflict do nothing
	returning q as q
), told as (
	select a.q, p.name, row_number() over (order by f.ord) as i
	from added a join fresh f on f.question = (a.q).id join person p on p.id = (a.q).person
), log as materialized (
	select (l.ord + 1) / 2 as i, json_object_agg(l.channel, l.position) as positions
	from channel_append($1::uuid, (
		select array_agg(e.e order by t.i, e.k) from told t cross join lateral (values
			(1, row('talk:' || (t.q).talk || ':mod', 'question.added', question_mod(t.q, 0, t.name))::ev),
			(2, row('person:' || (t.q).person, 'question.updated', question_own(t.q, 0))::ev)) as e(k, e))) l
	group by 1
)
select j.ord,
	case
	when j.fault is null and j.state is not null then
		with_positions(json_build_object('question', j.question, 'state', j.state, 'version', j.version), '{}')
	when t.i is not null then with_positions(
		json_build_object('question', j.question, 'state', (t.q).state, 'version', (t.q).version), l.positions)
	end as reply,
	case
	when j.fault is not null then j.fault
	when j.state is not null or t.i is not null then null
	when f.nth is null then 'limit.rate'
	-- A row that this statement's snapshot does not show was there first.
	else 'again'
	end as fault
from judged j
left join fresh f on f.ord = j.ord
left join told t on (t.q).id = f.question
left join log l on l.i = t.i

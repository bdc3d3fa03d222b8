-- Polls: a question with answers to choose from, asked of a talk's audience.

create function poll_texts_fit(texts text[]) returns boolean language sql immutable parallel safe as $$
	select bool_and(char_length(x) between 1 and 200) from unnest(texts) x
$$;
create function poll_texts_differ(texts text[]) returns boolean language sql immutable parallel safe as $$
	select count(distinct x) = count(*) from unnest(texts) x
$$;

create table poll (
	id uuid constraint poll_key primary key,
	conference uuid not null constraint poll_conference references conference on delete cascade,
	talk uuid not null constraint poll_talk references talk on delete cascade,
	-- Which of the talk's forty it is: the limit is a constraint, not a count. Also their order at the desk.
	nth smallint not null constraint poll_nth check (nth between 1 and 40),
	question text not null constraint poll_question_size check (char_length(question) between 1 and 300),
	kind text not null constraint poll_kind check (kind in ('single', 'multiple')),
	-- When those who vote may see the counts.
	results text not null constraint poll_results check (results in ('always', 'after_vote', 'after_close', 'never')),
	-- What one chooses from, in its order; the ids are the keys of the counts. In this row, so that its lock covers them: a vote that
	-- waits for an edit sees what the edit made.
	option_ids uuid[] not null,
	option_texts text[] not null constraint poll_options_count check (cardinality(option_texts) between 2 and 10)
		constraint poll_option_size check (poll_texts_fit(option_texts))
		constraint poll_option_once check (poll_texts_differ(option_texts)),
	state text not null default 'draft' constraint poll_state check (state in ('draft', 'running', 'closed')),
	-- The stage shows it.
	shown boolean not null default true,
	version int not null default 1,
	by_actor uuid not null,
	opened timestamptz,
	closed timestamptz,
	constraint poll_options_pair check (cardinality(option_ids) = cardinality(option_texts)),
	constraint poll_times check ((opened is null) = (state = 'draft') and (closed is null) = (state <> 'closed')),
	constraint poll_nth_once unique (talk, nth)
);
-- One at a time: nobody is asked two things at once.
create unique index poll_running_once on poll (talk) where state = 'running';
create index poll_by_conference on poll (conference);

-- previous: the options that counted before the last change, so that a batch knows what it moved. counted false: cast by somebody who was
-- muted without being told. Without foreign keys for the reasons given at `vote`; the triggers below do what a cascade would.
create table poll_vote (
	poll uuid not null,
	person uuid not null,
	options uuid[] not null constraint poll_vote_options check (cardinality(options) <= 10),
	previous uuid[] not null default '{}',
	counted boolean not null default true,
	seq bigint not null constraint poll_vote_seq check (seq > 0),
	at timestamptz not null default now(),
	constraint poll_vote_once primary key (poll, person)
) with (fillfactor = 80);
create index poll_vote_by_person on poll_vote (person);

-- What people have chosen from does not change under their choice; when its counts may be seen does not change once it is asked.
create function poll_guard() returns trigger language plpgsql as $$
begin
	if new.results <> old.results and old.state <> 'draft' then
		raise exception using errcode = 'check_violation', constraint = 'poll_results_fixed', message = 'the results of a poll that was opened';
	end if;
	if (new.question, new.kind, new.option_ids, new.option_texts, new.talk)
		is distinct from (old.question, old.kind, old.option_ids, old.option_texts, old.talk)
		and exists (select from poll_vote v where v.poll = old.id)
	then
		raise exception using errcode = 'check_violation', constraint = 'poll_locked', message = 'a poll that has votes';
	end if;
	return new;
end $$;
create trigger poll_guard before update on poll for each row execute function poll_guard();

create function poll_vote_forget() returns trigger language plpgsql as $$
begin
	if tg_table_name = 'poll' then
		delete from poll_vote where poll = old.id;
		delete from channel where conference = old.conference and name = 'poll:' || old.id;
	else
		with gone as (
			delete from poll_vote where person = old.id returning poll, options, counted
		), less as (
			select g.poll, o::text as key from gone g, unnest(g.options) o where g.counted
			union all
			select g.poll, 'voters' from gone g where g.counted and g.options <> '{}'
		)
		update tally t set value = t.value - 1, xid = pg_current_xact_id()
		from less l join poll p on p.id = l.poll join channel c on c.conference = p.conference and c.name = 'poll:' || p.id
		where t.channel = c.id and t.key = l.key;
	end if;
	return null;
end $$;
create trigger poll_vote_of_poll after delete on poll for each row execute function poll_vote_forget();
create trigger poll_vote_of_person after delete on person for each row execute function poll_vote_forget();

-- Looks at the stages from now on.
insert into due (conference, kind, at) values (null, 'stage', now());
